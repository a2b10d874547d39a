//! The page that asks whether an app may have access.

use super::layout::escape;
use crate::sandbox::account::Account;
use crate::sandbox::oauth::authorize::Asked;
use crate::sandbox::reply::Reply;

/// The page for one question. `id` is good for one answer.
fn body(id: &str, asked: &Asked, accounts: &[Account]) -> String {
    let app = escape(&asked.client_name);
    let scopes: String =
        asked.scopes.iter().map(|scope| format!("<li>{}</li>", scope.in_words())).collect();
    let people: String =
        accounts.iter().enumerate().map(|(at, account)| choice(account, at == 0)).collect();
    let target = escape(&asked.redirect_uri.origin().ascii_serialization());
    format!(
        "<p class=\"soft\">Todoist sandbox: a stand-in on this machine. Nothing here is real.</p>\
         <h1>{app} wants access to your account</h1>\
         <form method=\"post\" action=\"/oauth/authorize\" class=\"card\">\
         <p>It will be able to:</p><ul>{scopes}</ul>\
         <fieldset><legend>Sign in as</legend>{people}</fieldset>\
         <input type=\"hidden\" name=\"request\" value=\"{id}\">\
         <button class=\"main\" id=\"allow\" name=\"decision\" value=\"allow\">Allow</button> \
         <button id=\"deny\" name=\"decision\" value=\"deny\">Cancel</button>\
         <p class=\"soft\">You will return to {target}.</p></form>",
        id = escape(id),
    )
}

/// The page as an answer. Its form may lead to the client's redirect URI and nowhere else.
pub(crate) fn page(id: &str, asked: &Asked, accounts: &[Account]) -> Reply {
    let targets = format!("'self' {}", asked.redirect_uri.origin().ascii_serialization());
    let title = format!("{} wants access", asked.client_name);
    super::layout::page(200, &title, &body(id, asked, accounts), &targets)
}

fn choice(account: &Account, chosen: bool) -> String {
    format!(
        "<label><input type=\"radio\" name=\"account\" value=\"{email}\" required{checked}> \
         {name} <span class=\"soft\">{email}, {zone}</span></label>",
        email = escape(&account.email),
        name = escape(&account.full_name),
        zone = escape(account.zone_name()),
        checked = if chosen { " checked" } else { "" },
    )
}
