//! The authorization endpoint: `GET /oauth/authorize` asks the person, `POST` takes the answer.

use hyper::header;
use jiff::Timestamp;
use url::Url;

use super::client::{AuthMethod, Client};
use super::scope::Scopes;
use crate::sandbox::form::Form;
use crate::sandbox::mint;
use crate::sandbox::pages::consent;
use crate::sandbox::pages::layout::message;
use crate::sandbox::reply::{Reply, Request, content_type, set, text_reply};
use crate::sandbox::world::World;

/// The length of an S256 challenge: 32 bytes in base64url without padding (RFC 7636
/// section 4.2).
const CHALLENGE_LENGTH: usize = 43;

/// What a person is being asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    client_id: String,
    pub(crate) client_name: String,
    pub(crate) scopes: Scopes,
    /// Where the answer goes.
    pub(crate) redirect_uri: Url,
    /// As the request named it, if it did.
    named_redirect_uri: Option<String>,
    state: Option<String>,
    challenge: Option<String>,
}

/// Why nobody is asked.
#[derive(Debug, PartialEq)]
enum Refused {
    /// Client or redirect URI are wrong: the answer stays here, since an attacker may have
    /// written the address (RFC 6749 section 4.1.2.1).
    Here(&'static str),
    /// Anything else goes back to the client.
    AtClient { to: Box<Url>, error: &'static str, state: Option<String> },
}

/// Answers `GET`: a consent page, an error page, or a redirect with an error.
pub(crate) fn ask(world: &mut World, request: &Request) -> Reply {
    match Asked::read(world, &Form::of_query(request)) {
        Ok(asked) => {
            let id = mint::secret();
            let page = consent::page(&id, &asked, &world.accounts);
            world.asked.insert(id, asked);
            page
        }
        Err(Refused::Here(why)) => message(400, "This sign-in link does not work", why),
        Err(Refused::AtClient { to, error, state }) => {
            redirect(world, *to, &[("error", error)], state.as_deref())
        }
    }
}

/// Answers `POST`: the form of a consent page comes back, once.
pub(crate) fn decide(world: &mut World, request: &Request, now: Timestamp) -> Reply {
    if !same_origin(world, request) || content_type(request) != "application/x-www-form-urlencoded"
    {
        return message(403, "Not from here", "This answer does not come from the consent page.");
    }
    let form = Form::parse(request.body());
    let Some(asked) = form.get("request").and_then(|id| world.asked.remove(id)) else {
        return message(400, "Already answered", "Start the sign-in again in your terminal.");
    };
    let state = asked.state.as_deref();
    if form.get("decision") != Some("allow") {
        return redirect(world, asked.redirect_uri, &[("error", "access_denied")], state);
    }
    let account = form.get("account").and_then(|email| world.account_by_email(email));
    let Some(user) = account.map(|account| account.id.clone()) else {
        return message(400, "No such account", "Start the sign-in again in your terminal.");
    };
    let granted = (user.as_str(), asked.client_id.as_str(), asked.scopes);
    let code = world.grants.issue_code(granted, asked.named_redirect_uri, asked.challenge, now);
    redirect(world, asked.redirect_uri, &[("code", &code)], state)
}

impl Asked {
    fn read(world: &World, form: &Form) -> Result<Self, Refused> {
        let client = form.get("client_id").and_then(|id| world.client(id));
        let client = client.ok_or(Refused::Here("Todoist does not know this app."))?;
        let redirect_uri = redirect_uri(client, form.get("redirect_uri"))?;
        let state = form.get("state").map(str::to_owned);
        let refused = |error| Refused::AtClient {
            to: Box::new(redirect_uri.clone()),
            error,
            state: state.clone(),
        };
        // Todoist documents `state` as required.
        if form.repeated().is_some() || state.is_none() {
            return Err(refused("invalid_request"));
        }
        match form.get("response_type") {
            Some("code") => {}
            Some(_) => return Err(refused("unsupported_response_type")),
            None => return Err(refused("invalid_request")),
        }
        let scopes = form.get("scope").and_then(|names| Scopes::parse(names, ','));
        // Whether Todoist holds a client to the scopes that it registered is not documented.
        let scopes = scopes
            .filter(|scopes| client.scopes.cover(scopes))
            .ok_or_else(|| refused("invalid_scope"))?;
        let challenge = challenge(client, form).map_err(|()| refused("invalid_request"))?;
        Ok(Self {
            client_id: client.id.clone(),
            client_name: client.name.clone(),
            scopes,
            named_redirect_uri: form.get("redirect_uri").map(str::to_owned),
            state: state.clone(),
            challenge,
            redirect_uri: redirect_uri.clone(),
        })
    }
}

/// The registered URI that is exactly the one named; unnamed, the only one.
fn redirect_uri(client: &Client, named: Option<&str>) -> Result<Url, Refused> {
    let wrong = Refused::Here("The app did not register the address that it wants to return to.");
    let registered = match (named, client.redirect_uris.as_slice()) {
        (Some(named), uris) => uris.iter().find(|uri| uri.as_str() == named),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    registered.and_then(|uri| Url::parse(uri).ok()).ok_or(wrong)
}

/// The PKCE challenge. Only S256 is documented; a public client has no other proof, so it
/// needs one (RFC 9700 section 2.1.1).
fn challenge(client: &Client, form: &Form) -> Result<Option<String>, ()> {
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    match (form.get("code_challenge"), form.get("code_challenge_method")) {
        (None, None) if client.auth_method != AuthMethod::None => Ok(None),
        (Some(challenge), Some("S256"))
            if challenge.len() == CHALLENGE_LENGTH && challenge.bytes().all(base64url) =>
        {
            Ok(Some(challenge.to_owned()))
        }
        _ => Err(()),
    }
}

/// Whether a browser says that the form came from one of our pages. Programs that are no
/// browser say nothing.
fn same_origin(world: &World, request: &Request) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
    host.is_some_and(|host| world.hosts.iter().any(|known| known == host))
}

/// RFC 6749 section 4.1.2: back to the client, with the state as it came.
fn redirect(world: &World, mut to: Url, fields: &[(&str, &str)], state: Option<&str>) -> Reply {
    {
        let mut query = to.query_pairs_mut();
        query.extend_pairs(fields);
        query.extend_pairs(state.map(|state| ("state", state)));
        query.extend_pairs(world.issuer.as_ref().map(|issuer| ("iss", issuer)));
    }
    // 303 turns the form's POST into a GET (RFC 9700 section 4.12).
    let mut reply = text_reply(303, "text/plain; charset=utf-8", "Back to the app.".to_owned());
    set(&mut reply, header::LOCATION, to.as_str());
    set(&mut reply, header::CACHE_CONTROL, "no-store");
    set(&mut reply, header::REFERRER_POLICY, "no-referrer");
    reply
}
