use super::*;
use crate::cli::args::{Args, Command};
use crate::commands::Exit;
use crate::model::{Conference, Division, Stage, Tricode};
use crate::schedule::{Filter, Side};
use clap::{CommandFactory, Parser};

fn parse(options: &[&str]) -> Result<Import, clap::Error> {
    let words = ["nbatodo", "import"].iter().chain(options);
    match Args::try_parse_from(words)?.command {
        Command::Import(import) => Ok(*import),
        other => panic!("{other:?}"),
    }
}

/// What the person reads who typed something that is not taken.
fn complaint(options: &[&str]) -> String {
    let error = parse(options).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

fn help() -> String {
    let mut command = Args::command();
    let import = command.find_subcommand_mut("import").unwrap();
    import.render_help().to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_typed_is_the_default() {
    let import = parse(&[]).unwrap();
    assert_eq!(import.wanted.filter().unwrap(), Filter::default());
    assert_eq!(import.task_options(), TaskOptions::default());
    assert_eq!(import.max_wait, Duration::from_secs(120));
    assert!(import.wanted.team.is_empty() && !import.dry_run);
}

#[test]
fn filters_are_taken_over() {
    let import = parse(&[
        "--away",
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-01",
        "--opponent",
        "Lakers,nyk",
        "--opponent",
        "lal",
        "--stage",
        "playoffs",
        "--stage",
        "Play-In",
        "--next",
        "3",
        "--include-past",
    ]);
    let day = jiff::civil::date(2026, 11, 1);
    assert_eq!(
        import.unwrap().wanted.filter().unwrap(),
        Filter {
            side: Some(Side::Away),
            from: Some(day),
            to: Some(day),
            opponents: ["LAL", "NYK"].map(|code| Tricode::of(code).unwrap()).to_vec(),
            stages: vec![Stage::Playoffs, Stage::PlayIn],
            next: Some(3),
            include_past: true,
        }
    );
    let home = parse(&["--home"]).unwrap().wanted.filter().unwrap();
    assert_eq!(home.side, Some(Side::Home));
    let all = parse(&["--stage", "all"]).unwrap().wanted.filter().unwrap().stages;
    assert_eq!(all.len(), 5);
    assert!(!all.contains(&Stage::AllStar));
}

#[test]
fn task_options_are_taken_over() {
    let import = parse(&[
        "--title",
        "{home}-{away}",
        "--label",
        "nba",
        "--label",
        " nba ",
        "--label",
        "live",
        "--priority",
        "p1",
        "--duration",
        "2h30m",
        "--section-by",
        "month",
        "--reminder",
        "60m",
        "--yearly-reminder",
    ]);
    let import = import.unwrap();
    assert_eq!(
        import.task_options(),
        TaskOptions {
            title: "{home}-{away}".parse().unwrap(),
            labels: Some(vec!["nba".to_owned(), "live".to_owned()]),
            priority: Some(4),
            minutes: Some(150),
            reminder: Some(60),
            sections: Some(Grouping::Month),
            yearly: true,
        }
    );
}

#[test]
fn teams_and_places_are_taken_over() {
    let import = parse(&[
        "--team",
        "BOS",
        "--team",
        "LAL,all",
        "--conference",
        "EASTERN",
        "--division",
        "Pacific",
        "--one-project",
        "NBA",
        "--project-color",
        "Berry_Red",
    ]);
    let import = import.unwrap();
    assert_eq!(import.wanted.team, ["BOS", "LAL,all"]);
    assert_eq!(import.wanted.conference, Some(Conference::East));
    assert_eq!(import.wanted.division, Some(Division::Pacific));
    assert_eq!(import.one_project.as_deref(), Some("NBA"));
    assert_eq!(import.project_color, Some(Color::BerryRed));
    assert_eq!(parse(&["--max-wait", "0"]).unwrap().max_wait, Duration::ZERO);
    let target = |place| parse(&["--team", "BOS", "--destination", place]).unwrap().target();
    assert_eq!(target("Inbox"), Target::Inbox);
    assert_eq!(target("project: My games"), Target::Project("My games".parse().unwrap()));
}

#[test]
fn what_is_not_taken_is_wrong_usage_and_says_what_is() {
    for (options, said) in [
        (&["--home", "--away"][..], "cannot be used with"),
        (&["--detailed-exitcode"], "--dry-run"),
        (&["--one-project", " "], "needs a name"),
        (&["--destination", "project:"], "its name, its id or its link"),
        (&["--destination", "Games"], "\"inbox\", or \"project:\""),
        (&["--destination", "inbox", "--one-project", "NBA"], "cannot be used with"),
        (&["--section-by", "week"], "month, none"),
        (&["--reminder", "2d"], "2h30m"),
        (&["--from", "28.11.2026"], "2026-11-28"),
        (&["--from", "2026-11-28T12:00"], "2026-11-28"),
        (&["--to", "2026-02-30"], "2026-11-28"),
        (&["--next", "0"], "from 1 on"),
        (&["--stage", "finals"], "playoffs"),
        (&["--conference", "north"], "east, west"),
        (&["--division", "east"], "atlantic"),
        (&["--title", "{score}"], "{opponent}"),
        (&["--title", ""], "empty"),
        (&["--label", ""], "empty"),
        (&["--priority", "p5"], "p1 (the highest)"),
        (&["--duration", "25h"], "2h30m"),
        (&["--project-color", "pink"], "berry_red"),
        (&["--max-wait=-1"], "0 to 86400"),
    ] {
        let complaint = complaint(options);
        assert!(complaint.contains(said), "{options:?}: {complaint}");
    }
}

#[test]
fn a_filter_that_makes_no_sense_is_wrong_usage() {
    let backwards = parse(&["--from", "2026-12-01", "--to", "2026-11-30"]).unwrap();
    let failure = backwards.wanted.filter().unwrap_err();
    assert_eq!(failure.exit(), Exit::Usage);
    assert_eq!(
        failure.to_string(),
        "--to cannot be \"2026-11-30\": it lies before --from, 2026-12-01"
    );
    let nobody = parse(&["--opponent", "Celtcs"]).unwrap().wanted.filter().unwrap_err();
    assert_eq!(nobody.exit(), Exit::Usage);
    assert!(nobody.to_string().contains("Boston Celtics (BOS)"));
}

#[test]
fn a_section_of_the_inbox_has_no_sections_of_its_own() {
    let options = ["--team", "BOS", "--destination", "inbox", "--section-by", "month"];
    let failure = parse(&options).unwrap().request(None).unwrap_err();
    assert_eq!(failure.exit(), Exit::Usage);
    assert!(failure.to_string().starts_with("--section-by cannot be \"month\""), "{failure}");
}

#[test]
fn the_help_lists_the_fields_and_says_what_is_never_removed() {
    let help = help();
    for field in TitleTemplate::fields().split(", ") {
        assert!(help.contains(field), "{field}: {help}");
    }
    for color in Color::all() {
        assert!(help.contains(color.name()), "{color:?}: {help}");
    }
    assert!(help.contains("A narrower filter on a later run removes nothing"));
}

#[test]
fn the_terminals_own_color_option_stays() {
    assert!(parse(&["--color", "never", "--project-color", "green"]).is_ok());
}
