//! What people granted: codes, access tokens, refresh tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::OAuthError;
use super::client::Client;
use super::scope::Scopes;
use crate::sandbox::mint;

/// RFC 6749 section 4.1.2: a code lives ten minutes at most.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Access tokens live one hour.
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_secs(3600);
/// What `expires_in` says of a legacy client's token, which never expires; in seconds.
const LEGACY_EXPIRES_IN: i64 = 315_360_000;
/// How long a consumed refresh token may be presented again.
const REFRESH_GRACE: SignedDuration = SignedDuration::from_secs(60);

/// Who granted what to whom. `user` is the account's id; `family` is shared by everything
/// that came from one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) user: String,
    pub(crate) client_id: String,
    pub(crate) scopes: Scopes,
    family: u64,
}

/// An authorization code.
struct Code {
    code: String,
    grant: Grant,
    /// As the authorization request named it: the token request has to name it again.
    redirect_uri: Option<String>,
    challenge: Option<String>,
    expires_at: Timestamp,
    used: bool,
}

struct Access {
    token: String,
    grant: Grant,
    /// None: never.
    expires_at: Option<Timestamp>,
    revoked: bool,
}

struct Refresh {
    token: String,
    grant: Grant,
    /// When it was consumed, and the access token that it brought.
    consumed: Option<(Timestamp, String)>,
    revoked: bool,
}

/// A successful answer of the token endpoint (RFC 6749 section 5.1).
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    pub(crate) expires_in: i64,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: Scopes,
}

/// Everything that was granted since the start.
#[derive(Default)]
pub(crate) struct Grants {
    codes: Vec<Code>,
    access: Vec<Access>,
    refresh: Vec<Refresh>,
    families: u64,
    replays: usize,
}

/// What a token request presents with a code.
pub(crate) struct Presented<'a> {
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
}

impl Grants {
    /// Issues a code for `user`, `client_id` and `scopes`.
    pub(crate) fn issue_code(
        &mut self,
        (user, client_id, scopes): (&str, &str, Scopes),
        redirect_uri: Option<String>,
        challenge: Option<String>,
        now: Timestamp,
    ) -> String {
        let grant = self.new_grant(user, client_id, scopes);
        let code = mint::secret();
        let expires_at = now.saturating_add(CODE_LIFETIME).unwrap_or(now);
        let kept =
            Code { code: code.clone(), grant, redirect_uri, challenge, expires_at, used: false };
        self.codes.push(kept);
        code
    }

    /// Exchanges a code. Whatever happens to the first exchange, a code is good for no other;
    /// the second one also revokes what the first brought (RFC 6749 section 4.1.2).
    pub(crate) fn exchange(
        &mut self,
        client: &Client,
        presented: &Presented<'_>,
        now: Timestamp,
    ) -> Result<TokenAnswer, OAuthError> {
        let bad = |why| Err(OAuthError::bad("bad_authorization_code", why));
        let known =
            |it: &&mut Code| same(&it.code, presented.code) && it.grant.client_id == client.id;
        let Some(code) = self.codes.iter_mut().find(known) else {
            return bad("the code is not one of this client");
        };
        let grant = code.grant.clone();
        if std::mem::replace(&mut code.used, true) {
            self.revoke_family(grant.family);
            return bad("the code was used before");
        }
        if now >= code.expires_at {
            return bad("the code has expired");
        }
        // RFC 6749 section 4.1.3: identical if the authorization request had one.
        if code.redirect_uri.is_some() && code.redirect_uri.as_deref() != presented.redirect_uri {
            return Err(OAuthError::bad("invalid_grant", "another redirect_uri"));
        }
        if !verifier_matches(code.challenge.as_deref(), presented.verifier) {
            return Err(OAuthError::bad("invalid_grant", "the code_verifier does not match"));
        }
        Ok(self.issue(client, grant, now))
    }

    /// Exchanges a refresh token, which consumes it. Consumed ones are good for 60 s more and
    /// bring the same access token; later they are a replay, which revokes every token of
    /// this user and client.
    pub(crate) fn refresh(
        &mut self,
        client: &Client,
        token: &str,
        now: Timestamp,
    ) -> Result<TokenAnswer, OAuthError> {
        let invalid = OAuthError::bad("invalid_grant", "the refresh token is not valid");
        let known = |it: &Refresh| same(&it.token, token) && it.grant.client_id == client.id;
        let at = self.refresh.iter().position(known).ok_or(invalid)?;
        let is_late = |(at, _): &(Timestamp, _)| now.duration_since(*at) > REFRESH_GRACE;
        // Counted even where there is nothing left to revoke.
        self.replays += usize::from(self.refresh[at].consumed.as_ref().is_some_and(is_late));
        if self.refresh[at].revoked {
            return Err(invalid);
        }
        let grant = self.refresh[at].grant.clone();
        let Some((consumed_at, access_token)) = self.refresh[at].consumed.clone() else {
            let answer = self.issue(client, grant, now);
            self.refresh[at].consumed = Some((now, answer.access_token.clone()));
            return Ok(answer);
        };
        if now.duration_since(consumed_at) > REFRESH_GRACE {
            self.revoke_all(&grant.user, &client.id);
            return Err(invalid);
        }
        let left = self.live(&access_token, now).and_then(|access| access.expires_at);
        let expires_in = left.map(|end| end.duration_since(now).as_secs()).ok_or(invalid)?;
        Ok(TokenAnswer { access_token, expires_in, refresh_token: None, scopes: grant.scopes })
    }

    /// An access token with all scopes, without the way over a consent page.
    pub(crate) fn consented(&mut self, client: &Client, user: &str, now: Timestamp) -> String {
        let grant = self.new_grant(user, &client.id, Scopes::all());
        self.issue(client, grant, now).access_token
    }

    /// A token that never expires, such as the personal API token in Todoist's settings.
    pub(crate) fn issue_personal(&mut self, user: &str) -> String {
        let grant = self.new_grant(user, "", Scopes::all());
        let token = mint::secret();
        self.access.push(Access { token: token.clone(), grant, expires_at: None, revoked: false });
        token
    }

    /// What a live access token grants.
    pub(crate) fn of_token(&self, token: &str, now: Timestamp) -> Option<&Grant> {
        self.live(token, now).map(|access| &access.grant)
    }

    /// Revokes a token of a client (RFC 7009); unknown ones are no error. An access token
    /// goes alone: whether Todoist ends its refresh token too is not documented, and a client
    /// that counts on it should be found out. A refresh token takes the whole grant along.
    pub(crate) fn revoke(&mut self, client_id: &str, token: &str) {
        for access in self.access.iter_mut().filter(|it| it.grant.client_id == client_id) {
            access.revoked |= same(&access.token, token);
        }
        let known = |it: &&Refresh| it.grant.client_id == client_id && same(&it.token, token);
        if let Some(family) = self.refresh.iter().find(known).map(|it| it.grant.family) {
            self.revoke_family(family);
        }
    }

    /// Access tokens that neither expired nor were revoked.
    pub(crate) fn live_access(&self, now: Timestamp) -> usize {
        self.access.iter().filter(|access| access.is_live(now)).count()
    }

    /// Refresh tokens that would bring a new one.
    pub(crate) fn live_refresh(&self) -> usize {
        self.refresh.iter().filter(|it| !it.revoked && it.consumed.is_none()).count()
    }

    /// How often a consumed refresh token was presented when its grace was over.
    pub(crate) fn replays(&self) -> usize {
        self.replays
    }

    /// Revokes all that `user` granted to anybody, personal tokens left aside.
    pub(crate) fn revoke_user(&mut self, user: &str) {
        self.revoke_where(|grant| grant.user == user && !grant.client_id.is_empty());
    }

    /// Whether `token` is a refresh token that would bring a new one.
    pub(crate) fn is_live_refresh(&self, token: &str) -> bool {
        self.refresh.iter().any(|it| it.token == token && !it.revoked && it.consumed.is_none())
    }

    /// Every code and token ever issued.
    pub(crate) fn issued(&self) -> impl Iterator<Item = &str> {
        let codes = self.codes.iter().map(|it| it.code.as_str());
        let access = self.access.iter().map(|it| it.token.as_str());
        codes.chain(access).chain(self.refresh.iter().map(|it| it.token.as_str()))
    }

    fn new_grant(&mut self, user: &str, client_id: &str, scopes: Scopes) -> Grant {
        self.families += 1;
        let (user, client_id) = (user.to_owned(), client_id.to_owned());
        Grant { user, client_id, scopes, family: self.families }
    }

    fn issue(&mut self, client: &Client, grant: Grant, now: Timestamp) -> TokenAnswer {
        let token = mint::secret();
        let refresh_token = (client.refreshes && !client.legacy).then(mint::secret);
        let expires_at =
            (!client.legacy).then(|| now.saturating_add(TOKEN_LIFETIME).unwrap_or(now));
        self.access.push(Access {
            token: token.clone(),
            grant: grant.clone(),
            expires_at,
            revoked: false,
        });
        if let Some(token) = refresh_token.clone() {
            self.refresh.push(Refresh {
                token,
                grant: grant.clone(),
                consumed: None,
                revoked: false,
            });
        }
        let expires_in = if client.legacy { LEGACY_EXPIRES_IN } else { TOKEN_LIFETIME.as_secs() };
        TokenAnswer { access_token: token, expires_in, refresh_token, scopes: grant.scopes }
    }

    fn live(&self, token: &str, now: Timestamp) -> Option<&Access> {
        self.access.iter().find(|access| same(&access.token, token) && access.is_live(now))
    }

    fn revoke_family(&mut self, family: u64) {
        self.revoke_where(|grant| grant.family == family);
    }

    fn revoke_all(&mut self, user: &str, client_id: &str) {
        self.revoke_where(|grant| grant.user == user && grant.client_id == client_id);
    }

    fn revoke_where(&mut self, hit: impl Fn(&Grant) -> bool) {
        self.access.iter_mut().filter(|it| hit(&it.grant)).for_each(|it| it.revoked = true);
        self.refresh.iter_mut().filter(|it| hit(&it.grant)).for_each(|it| it.revoked = true);
    }
}

impl Access {
    fn is_live(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }
}

fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// RFC 7636 sections 4.1 and 4.6. A verifier without a challenge is refused, against
/// downgrades (RFC 9700 section 2.1.1).
fn verifier_matches(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let shaped = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
            shaped && same(&URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), challenge)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_of_rfc_7636_appendix_b_matches_its_challenge() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(verifier_matches(Some(challenge), Some(verifier)));
        assert!(!verifier_matches(Some(challenge), Some(&verifier.replace('d', "e"))));
        assert!(!verifier_matches(Some(challenge), None));
        assert!(!verifier_matches(None, Some(verifier)));
    }
}
