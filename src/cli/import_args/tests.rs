use super::*;
use crate::cli::args::{Args, Command};
use crate::commands::Exit;
use crate::model::{Conference, Division, Stage, Tricode};
use crate::schedule::{Filter, Side};
use crate::settings::{ConfigFile, Environment, Flags};
use clap::Parser;

fn parse(options: &[&str]) -> Result<Import, clap::Error> {
    let words = ["nbatodo", "import"].iter().chain(options);
    match Args::try_parse_from(words)?.command {
        Command::Import(import) => Ok(*import),
        other => panic!("{other:?}"),
    }
}

/// Settings as a file with `toml` in it makes them.
fn settings(toml: &str) -> Settings {
    let file = ConfigFile::parse(toml).unwrap();
    Settings::resolve(&Flags::default(), &Environment::default(), &file).unwrap()
}

/// The request of `options` where the settings file holds `toml`.
fn requested(options: &[&str], toml: &str) -> Result<Request, Failure> {
    parse(options).unwrap().request(&settings(&format!("team = \"BOS\"\n{toml}")))
}

/// What the person reads who typed something that is not taken.
fn complaint(options: &[&str]) -> String {
    let error = parse(options).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

fn help() -> String {
    let mut command = crate::cli::help::command();
    let import = command.find_subcommand_mut("import").unwrap();
    import.render_long_help().to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_typed_is_the_default() {
    let import = parse(&[]).unwrap();
    assert_eq!(import.wanted.filter().unwrap(), Filter::default());
    assert_eq!(import.task_options(Defaults::default()), TaskOptions::default());
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
        import.task_options(Defaults::default()),
        TaskOptions {
            title: "{home}-{away}".parse().unwrap(),
            labels: Some(vec!["nba".to_owned(), "live".to_owned()]),
            priority: Some(4),
            minutes: Some(150),
            reminder: Some(60),
            sections: None,
            yearly: true,
        }
    );
    let sections = requested(&["--section-by", "month"], "").unwrap().tasks.sections;
    assert_eq!(sections, Some(Grouping::Month));
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
    let target = |place| requested(&["--destination", place], "").unwrap().target;
    assert_eq!(target("Inbox"), Target::Inbox);
    assert_eq!(target("projects"), Target::OwnProjects);
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
        (&["--reminder", "2d"], "from 1m to 24h, such as 60m"),
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
        (&["--max-wait=-1"], "from 0 to 24h"),
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
    let options = ["--destination", "inbox", "--section-by", "month"];
    let failure = requested(&options, "").unwrap_err();
    assert_eq!(failure.exit(), Exit::Usage);
    assert!(failure.to_string().starts_with("--section-by cannot be \"month\""), "{failure}");
}

#[test]
fn what_the_command_line_does_not_say_the_settings_do() {
    let toml = "title = \"{home}-{away}\"\nlabels = [\"nba\", \"nba\"]\npriority = 1\n\
                duration = \"2h30m\"\nreminder = 60\nsection_by = \"month\"\n\
                notify_task = true\nyearly_reminder = true\nstrict_feed = true\n\
                one_project = \"Games\"";
    let usual = requested(&[], toml).unwrap();
    let tasks = TaskOptions {
        title: "{home}-{away}".parse().unwrap(),
        labels: Some(vec!["nba".to_owned()]),
        priority: Some(4),
        minutes: Some(150),
        reminder: Some(60),
        sections: Some(Grouping::Month),
        yearly: true,
    };
    assert_eq!((usual.tasks, usual.notify, usual.games.strict), (tasks, true, true));
    assert_eq!(usual.target, Target::OneProject("Games".to_owned()));
    assert_eq!(usual.teams, [Tricode::of("BOS").unwrap()]);
    let typed = [
        "--team=LAL",
        "--priority=p4",
        "--section-by=none",
        "--notify-task=false",
        "--yearly-reminder=false",
        "--strict-feed=false",
        "--destination=projects",
    ];
    let typed = requested(&typed, toml).unwrap();
    assert_eq!((typed.tasks.priority, typed.tasks.sections), (Some(1), Some(Grouping::None)));
    assert_eq!((typed.tasks.yearly, typed.notify, typed.games.strict), (false, false, false));
    assert_eq!(typed.target, Target::OwnProjects);
    assert_eq!(typed.teams, [Tricode::of("LAL").unwrap()]);
    assert!(!requested(&["--offline"], toml).unwrap().games.strict);
}

#[test]
fn settings_that_contradict_each_other_are_refused_and_the_stronger_one_counts() {
    let both = requested(&[], "destination = \"inbox\"\none_project = \"X\"").unwrap_err();
    assert!(both.to_string().contains("one_project cannot be \"X\""), "{both}");
    let table = "destination = \"inbox\"\n[profiles.default]\none_project = \"X\"";
    let target = requested(&[], table).unwrap().target;
    assert_eq!(target, Target::OneProject("X".to_owned()));
    let inbox = "destination = \"inbox\"\nsection_by = \"month\"";
    assert_eq!(requested(&[], inbox).unwrap_err().exit(), Exit::Usage);
    let sections = |options: &[&str], toml| requested(options, toml).unwrap().tasks.sections;
    assert_eq!(sections(&["--destination=inbox"], "section_by = \"month\""), None);
}

#[test]
fn what_the_settings_say_and_no_option_takes_is_wrong_usage_and_says_where() {
    for (toml, part) in [
        ("priority = \"p9\"", "line 2: priority cannot be \"p9\": a priority is"),
        ("title = \"{score}\"", "{opponent}"),
        ("destination = \"games\"", "project:"),
        ("duration = 1441", "from 1m to 24h"),
        ("section_by = \"week\"", "it is month or none"),
        ("timezone = \"Mars\"", "Europe/Berlin"),
        ("label = [\"\"]", "empty"),
    ] {
        let failure = requested(&[], toml).unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
        assert!(failure.to_string().contains(part), "{failure}");
    }
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
