//! What the browser shows at the end of a sign-in: plain, self-contained, no script.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::model::plain_text;
use crate::signin::verdict::Stray;

/// Light and dark as the person's system is; nothing wider than a phone.
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--page:#fff;--mark:#c8321f}\
@media(prefers-color-scheme:dark){\
:root{--ink:#eceff2;--soft:#a3adb8;--page:#15181b;--mark:#ff8a73}}\
body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto 0;padding:0 1.5rem;\
background:var(--page);color:var(--ink);overflow-wrap:anywhere;text-wrap:pretty}\
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .75rem}\
p{margin:.5rem 0}\
.app{color:var(--mark);font-weight:600;margin:0}\
.next{color:var(--soft)}\
";

/// How a sign-in ended, as the page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything is done, the session stored.
    SignedIn {
        /// The account's name, as Todoist has it.
        name: String,
    },
    /// The person pressed Cancel.
    Denied,
    /// Something went wrong; the terminal says what.
    Failed,
}

impl Ending {
    /// The page that says so.
    pub fn page(&self) -> String {
        match self {
            Self::SignedIn { name } => page(
                "Signed in",
                &format!("nbatodo may now use the Todoist account of {}.", plain_text::html(name)),
                "You can close this tab and go back to the terminal.",
            ),
            Self::Denied => page(
                "Not signed in",
                "You did not give nbatodo access to your Todoist.",
                "Nothing was stored. You can close this tab.",
            ),
            Self::Failed => page(
                "Not signed in",
                "The sign-in to nbatodo failed.",
                "The terminal says why. You can close this tab.",
            ),
        }
    }
}

/// The page for a request that is not part of the sign-in. It repeats nothing of the request.
pub fn stray(stray: Stray) -> String {
    match stray {
        Stray::State => page(
            "Not this sign-in",
            "This is the answer to another sign-in to nbatodo, perhaps to an earlier one.",
            "Nothing was changed. Use the tab that was opened last, or the address that stands \
             in the terminal.",
        ),
        Stray::Issuer => page(
            "Not from Todoist",
            "This answer comes from another server than the one that was asked.",
            "Nothing was changed, and the sign-in still waits for Todoist's.",
        ),
        Stray::Parameters => page(
            "Not a whole answer",
            "Something is missing in this address, or stands there twice.",
            "Nothing was changed. Try again with the address that stands in the terminal.",
        ),
        Stray::Malformed
        | Stray::ForeignHost
        | Stray::NotFound
        | Stray::Method
        | Stray::CrossSite => page(
            stray.status().canonical_reason().unwrap_or("Refused"),
            "This address only ends a sign-in to nbatodo.",
            "Nothing was changed.",
        ),
    }
}

/// The page for who comes when the end was already shown. It tells nothing of the account.
pub fn already_done() -> String {
    page(
        "Already done",
        "This sign-in to nbatodo has ended, and the terminal says how.",
        "You can close this tab.",
    )
}

/// The policy that goes with these pages: nothing but their own style, known by its hash.
pub fn content_security_policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn page(title: &str, what: &str, next: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <title>{title} · nbatodo</title>\n<style>{STYLE}</style>\n\
         <main>\n<p class=\"app\">nbatodo</p>\n<h1>{title}</h1>\n<p>{what}</p>\n\
         <p class=\"next\">{next}</p>\n</main>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_markup() {
        let page = Ending::SignedIn { name: "<script>alert('x')</script>&".to_owned() }.page();
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }

    #[test]
    fn only_success_says_signed_in() {
        let success = Ending::SignedIn { name: "Red".to_owned() }.page();
        assert!(success.contains("<h1>Signed in</h1>"));
        for page in [Ending::Denied.page(), Ending::Failed.page()] {
            assert!(page.contains("<h1>Not signed in</h1>"), "{page}");
        }
    }
}
