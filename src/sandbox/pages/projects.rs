//! The pages that show what came of an import.

use jiff::tz::TimeZone;
use url::Url;

use super::layout::{escape, message, page};
use crate::sandbox::account::{Account, Item, Project};
use crate::sandbox::due::{Due, When};
use crate::sandbox::reply::Reply;

/// `GET /`: every account with its projects and open tasks.
pub(crate) fn overview(accounts: &[Account]) -> Reply {
    let people: String = accounts.iter().map(person).collect();
    let body = format!(
        "<h1>Todoist sandbox</h1><p class=\"soft\">A stand-in on this machine. \
         It forgets everything when it stops.</p>{people}"
    );
    page(200, "Todoist sandbox", &body, "'none'")
}

/// `GET /app/project/SLUG-ID`; the slug may be left out.
pub(crate) fn project(accounts: &[Account], slug_and_id: &str) -> Reply {
    let id = id_of(slug_and_id);
    let found = accounts.iter().find_map(|account| {
        let project = account.holds.projects.iter().find(|it| it.id == id && !it.is_deleted)?;
        Some((account, project))
    });
    match found {
        Some((account, project)) => single(account, project),
        None => message(404, "No such project", "It may have been deleted."),
    }
}

/// `GET /app/section/SLUG-ID`: the project that holds the section.
pub(crate) fn section(accounts: &[Account], slug_and_id: &str) -> Reply {
    let id = id_of(slug_and_id);
    let sections = accounts.iter().flat_map(|account| &account.holds.sections);
    match sections.into_iter().find(|it| it.id == id && !it.is_deleted) {
        Some(section) => project(accounts, &section.project_id),
        None => message(404, "No such section", "It may have been deleted."),
    }
}

/// `GET /app/task/SLUG-ID`: the project that holds the task.
pub(crate) fn task(accounts: &[Account], slug_and_id: &str) -> Reply {
    let id = id_of(slug_and_id);
    let items = accounts.iter().flat_map(|account| &account.holds.items);
    match items.into_iter().find(|it| it.id == id && !it.is_deleted) {
        Some(item) => project(accounts, &item.project_id),
        None => message(404, "No such task", "It may have been deleted."),
    }
}

fn id_of(slug_and_id: &str) -> &str {
    slug_and_id.rsplit('-').next().unwrap_or(slug_and_id)
}

fn single(account: &Account, project: &Project) -> Reply {
    let body = format!(
        "<p class=\"soft\"><a href=\"/\">Todoist sandbox</a> · {}</p><h1>{}</h1>{}",
        escape(&account.full_name),
        escape(&project.name),
        contents(account, project),
    );
    page(200, &project.name, &body, "'none'")
}

fn person(account: &Account) -> String {
    let shown = account.holds.projects.iter().filter(|project| project.is_active());
    let projects: String = shown.map(|project| card(account, project)).collect();
    let (name, email) = (escape(&account.full_name), escape(&account.email));
    let zone = escape(account.zone_name());
    format!("<h2>{name}</h2><p class=\"soft\">{email}, {zone}</p>{projects}")
}

fn card(account: &Account, project: &Project) -> String {
    format!(
        "<section class=\"card\"><h3><a href=\"/app/project/{}\">{}</a></h3>{}</section>",
        escape(&project.id),
        escape(&project.name),
        contents(account, project),
    )
}

/// The open tasks: those without a section, then each section's.
fn contents(account: &Account, project: &Project) -> String {
    let tasks: Vec<&Item> = account.holds.active_in(&project.id).collect();
    let outside: Vec<&Item> = tasks.iter().filter(|it| it.section_id.is_none()).copied().collect();
    let mut html = list(&outside, &account.zone);
    for section in account.holds.sections_of(&project.id) {
        let inside = |it: &&&Item| it.section_id.as_deref() == Some(&section.id);
        let inside: Vec<&Item> = tasks.iter().filter(inside).copied().collect();
        html += &format!("<h3>{}</h3>{}", escape(&section.name), list(&inside, &account.zone));
    }
    match tasks.len() {
        0 => html + "<p class=\"soft\">No open tasks.</p>",
        1 => html + "<p class=\"soft\">1 open task.</p>",
        count => html + &format!("<p class=\"soft\">{count} open tasks.</p>"),
    }
}

fn list(tasks: &[&Item], zone: &TimeZone) -> String {
    let rows: String = tasks.iter().map(|task| row(task, zone)).collect();
    if rows.is_empty() { rows } else { format!("<ul class=\"tasks\">{rows}</ul>") }
}

fn row(task: &Item, zone: &TimeZone) -> String {
    let due = task.due.as_ref().map(|due| format!("<time>{}</time>", escape(&words(due, zone))));
    let description = if task.description.is_empty() {
        String::new()
    } else {
        format!("<p class=\"description\">{}</p>", linked(&task.description))
    };
    let (due, content) = (due.unwrap_or_default(), escape(&task.content));
    format!("<li>{due}{content}{description}</li>")
}

/// When a task is due, as the account's owner reads clocks.
fn words(due: &Due, zone: &TimeZone) -> String {
    let moment = "%a %-d %b %Y, %-I:%M %p";
    match &due.when {
        When::Day(day) => day.strftime("%a %-d %b %Y, all day").to_string(),
        When::Floating(at) => at.strftime(moment).to_string(),
        When::Fixed(at, _) => at.to_zoned_datetime(zone.clone()).strftime(moment).to_string(),
    }
}

/// A description with its `https` addresses as links, everything escaped. Markdown links show
/// their words.
fn linked(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("https://") {
        let (before, address) = rest.split_at(at);
        let end = address
            .find(|letter: char| letter.is_whitespace() || "()[]<>\"'".contains(letter))
            .unwrap_or(address.len());
        let (address, after) = address.split_at(end);
        let markdown = before.strip_suffix("](").and_then(|it| it.rsplit_once('['));
        let closed = after.strip_prefix(')');
        let (before, shown, after) = match (markdown, closed) {
            (Some((before, shown)), Some(after)) => (before, shown, after),
            _ => (before, address, after),
        };
        html += &escape(before);
        html += &anchor(address, shown);
        rest = after;
    }
    html + &escape(rest)
}

fn anchor(address: &str, shown: &str) -> String {
    match Url::parse(address) {
        Ok(url) if url.scheme() == "https" => format!(
            "<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>",
            escape(url.as_str()),
            escape(shown)
        ),
        _ => escape(shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_addresses_become_links_and_all_is_escaped() {
        assert_eq!(
            linked("TV: <ABC>\nhttps://www.nba.com/game/1?a=1&b=2 javascript:alert(1)"),
            "TV: &lt;ABC&gt;\n<a href=\"https://www.nba.com/game/1?a=1&amp;b=2\" \
             rel=\"noopener noreferrer\">https://www.nba.com/game/1?a=1&amp;b=2</a> \
             javascript:alert(1)"
        );
        assert_eq!(
            linked("see [the <game>](https://nba.com/x)."),
            "see <a href=\"https://nba.com/x\" rel=\"noopener noreferrer\">the &lt;game&gt;</a>."
        );
        assert!(!linked("https://nba.com/\"onclick=\"x").contains("\"onclick"));
    }

    #[test]
    fn the_slug_is_left_out() {
        assert_eq!(id_of("celtics-schedule-6X7rM8997g3RQmvh"), "6X7rM8997g3RQmvh");
        assert_eq!(id_of("6X7rM8997g3RQmvh"), "6X7rM8997g3RQmvh");
    }
}
