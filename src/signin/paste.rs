//! What a pasted text means: the redirect of a browser that could not reach our listener, as on a
//! machine that somebody came to by SSH. Pure, like the verdict on a request.

use crate::signin::verdict::{Stray, Verdict, of_query, our_names};
use crate::signin::{Pending, RedirectUri};

/// What `text` means to the sign-in that is `pending`: the whole address that the browser was
/// sent to, with or without `http://`, or only its query, `code=…&state=…`. It has to hold the
/// right state, as a request has to.
pub fn judge(text: &str, pending: &Pending) -> Verdict {
    let text = text.trim();
    let (address, query) = match text.split_once('?') {
        Some((address, rest)) => (address, rest),
        None => ("", text),
    };
    if !is_ours(address, pending.port) {
        return Verdict::Stray(Stray::NotFound);
    }
    // A fragment never reaches a server, so it is no part of a redirect either.
    let query = query.split('#').next().unwrap_or_default();
    match of_query(query, pending) {
        Ok(response) => Verdict::Response(response),
        Err(stray) => Verdict::Stray(stray),
    }
}

/// Whether an address without its query is the one that the browser was sent to, under any of
/// the names that the listener goes by. Browsers hide the scheme, and some copy it that way.
fn is_ours(address: &str, port: u16) -> bool {
    if address.is_empty() {
        return true;
    }
    let address = address.strip_prefix("http://").unwrap_or(address);
    let address = address.strip_suffix(RedirectUri::PATH);
    address.is_some_and(|name| our_names(port).iter().any(|ours| ours == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signin::{AuthorizationError, State};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    const PORT: u16 = 21_370;
    const BITS: [u8; 32] = [7; 32];

    fn verdict(text: &str) -> Verdict {
        let issuers = vec!["https://app.todoist.com".to_owned()];
        judge(text, &Pending { state: State::from_entropy(&BITS), port: PORT, issuers })
    }

    fn code(text: &str) -> Option<String> {
        match verdict(text) {
            Verdict::Response(Ok(code)) => Some(code.expose().to_owned()),
            _ => None,
        }
    }

    #[test]
    fn the_redirect_counts_however_it_was_copied() {
        let query = format!("code=abc&state={}", URL_SAFE_NO_PAD.encode(BITS));
        for text in [
            format!("http://localhost:21370/callback?{query}"),
            format!("  http://localhost:21370/callback?{query}#_=_\r\n"),
            format!("localhost:21370/callback?{query}"),
            format!("127.0.0.1:21370/callback?{query}"),
            format!("http://[::1]:21370/callback?{query}"),
            format!("?{query}"),
            query.clone(),
            format!("state={}&code=abc", URL_SAFE_NO_PAD.encode(BITS)),
        ] {
            assert_eq!(code(&text).as_deref(), Some("abc"), "{text}");
        }
        let denied = query.replace("code=abc", "error=access_denied");
        let denied = verdict(&format!("http://localhost:21370/callback?{denied}"));
        assert!(matches!(denied, Verdict::Response(Err(AuthorizationError::Denied))));
    }

    #[test]
    fn anything_else_is_refused_for_what_it_is() {
        let state = URL_SAFE_NO_PAD.encode(BITS);
        let query = format!("code=abc&state={state}");
        for (text, expected) in [
            (String::new(), Stray::Parameters),
            ("abc".to_owned(), Stray::Parameters),
            (state.clone(), Stray::Parameters),
            (format!("code=abc&state={state}x"), Stray::State),
            (format!("code=abc&state={}", &state[1..]), Stray::State),
            ("error=access_denied&state=wrong".to_owned(), Stray::State),
            (format!("state={state}"), Stray::Parameters),
            (format!("code=a&code=b&state={state}"), Stray::Parameters),
            (format!("code=a&error=b&state={state}"), Stray::Parameters),
            (format!("{query}&iss=https://evil.example"), Stray::Issuer),
            (format!("http://localhost:21371/callback?{query}"), Stray::NotFound),
            (format!("http://localhost:21370/?{query}"), Stray::NotFound),
            (format!("https://localhost:21370/callback?{query}"), Stray::NotFound),
            (format!("http://evil.example/callback?{query}"), Stray::NotFound),
            (format!("http://me@localhost:21370/callback?{query}"), Stray::NotFound),
            (format!("https://app.todoist.com/oauth/authorize?{query}"), Stray::NotFound),
            (format!("http://localhost:21370/callback#{query}"), Stray::Parameters),
        ] {
            match verdict(&text) {
                Verdict::Stray(stray) => assert_eq!(stray, expected, "{text}"),
                Verdict::Response(_) => panic!("accepted: {text}"),
            }
        }
    }

    /// Texts of any kind, and redirects with anything for a state.
    fn pasted() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[ -~]{0,200}",
            "code=[ -~]{1,40}&state=[A-Za-z0-9_-]{0,64}",
            "http://localhost:21370/callback\\?(code|error|state|iss)=[ -~]{0,80}",
            "http://localhost:21370/callback\\?code=x&state=[A-Za-z0-9_-]{43}(&[ -~]{0,20})?",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn no_text_without_the_state_is_accepted(text in pasted()) {
            prop_assert!(matches!(verdict(&text), Verdict::Stray(_)), "{text}");
        }
    }
}
