//! What all pages share.

use hyper::header;

pub(crate) use crate::model::plain_text::html as escape;
use crate::sandbox::reply::{Reply, set, text_reply};

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d8dde2;--page:#f5f6f7;\
--card:#fff;--accent:#c8321f}\
@media(prefers-color-scheme:dark){:root{--ink:#eceff2;--soft:#a3adb8;--line:#39414a;\
--page:#15181b;--card:#1e2226;--accent:#ff8a73}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--page);color:var(--ink);\
font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;overflow-wrap:anywhere}\
main{max-width:40rem;margin:0 auto;padding:1.5rem 1rem 3rem}\
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}\
a{color:var(--accent)}.soft{color:var(--soft)}\
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;\
padding:1rem 1.25rem;margin:1rem 0}\
ul.tasks{list-style:none;padding:0;margin:0}\
ul.tasks li{border-top:1px solid var(--line);padding:.6rem 0}\
ul.tasks li:first-child{border-top:0}\
time{display:block;color:var(--accent);font-size:.9rem}\
p.description{margin:.2rem 0 0;color:var(--soft);font-size:.9rem;white-space:pre-line}\
fieldset{border:0;padding:0;margin:1rem 0}legend{font-weight:600;padding:0}\
label{display:block;padding:.4rem 0}\
button{font:inherit;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.5rem;\
border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer}\
button.main{background:#b3261e;border-color:#b3261e;color:#fff;font-weight:600}";

/// A page. `title` is plain text, `body` is HTML; `form_targets` are the origins that a form
/// on it may lead to, by redirects too: browsers hold the whole way to `form-action`.
pub(crate) fn page(status: u16, title: &str, body: &str, form_targets: &str) -> Reply {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head>\n\
         <body><main>{body}</main></body></html>\n"
    );
    let mut reply = text_reply(status, "text/html; charset=utf-8", html);
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
         frame-ancestors 'none'; form-action {form_targets}"
    );
    set(&mut reply, header::CONTENT_SECURITY_POLICY, &policy);
    set(&mut reply, header::CACHE_CONTROL, "no-store");
    set(&mut reply, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: browsers would then post the form with `Origin: null`.
    set(&mut reply, header::REFERRER_POLICY, "same-origin");
    reply
}

/// A page with one sentence.
pub(crate) fn message(status: u16, title: &str, text: &str) -> Reply {
    let body = format!("<h1>{}</h1><p>{}</p>", escape(title), escape(text));
    page(status, title, &body, "'none'")
}
