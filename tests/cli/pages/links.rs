//! Every link of the pages leads somewhere.

use std::path::Path;

use super::pages;
use super::scene::REPOSITORY;
use super::text_of;

/// The targets of the links and pictures on a page, outside of its blocks.
fn targets(text: &str) -> Vec<String> {
    let prose = text.split("\n```").step_by(2);
    let links = prose.flat_map(|part| part.split("](").skip(1));
    links.filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

/// The anchors of a page's headings, as forges make them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept =
            words.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let others = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned);
    let mut found = 0;
    let mut dead = Vec::new();
    for page in pages().into_iter().chain(others) {
        let text = text_of(&page);
        for target in targets(&text) {
            if target.starts_with("https://") {
                continue;
            }
            found += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let folder = Path::new(REPOSITORY).join(&page).parent().unwrap().to_owned();
            let there = if file.is_empty() { page.clone() } else { file.to_owned() };
            let path = if file.is_empty() {
                Path::new(REPOSITORY).join(there)
            } else {
                folder.join(there)
            };
            let leads = path.exists()
                && (anchor.is_empty()
                    || anchors(&std::fs::read_to_string(&path).unwrap())
                        .contains(&anchor.to_owned()));
            if !leads {
                dead.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(found > 20, "{found}");
}

#[test]
fn every_page_is_linked_from_the_readme() {
    let readme = targets(&text_of("README.md"));
    for page in pages().iter().skip(1) {
        assert!(readme.contains(page), "the README does not lead to {page}");
    }
}

#[test]
fn every_file_that_the_page_about_the_code_names_is_there() {
    let page = text_of("docs/code.md");
    let quoted = page.split('`').skip(1).step_by(2);
    let named = quoted.filter(|it| it.contains('/') && !it.contains(' ') && !it.contains('\n'));
    let mut found = 0;
    for name in named {
        let there =
            [Path::new(REPOSITORY).join("src").join(name), Path::new(REPOSITORY).join(name)];
        assert!(there.iter().any(|path| path.exists()), "docs/code.md: there is no {name}");
        found += 1;
    }
    assert!(found > 25, "{found}");
}
