//! The screens of many profiles, of the stand-in for Todoist, and of a demo.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::WIDTHS;
use crate::many::Household;
use crate::sessions::faketime;
use crate::terminal::Terminal;
use crate::world::World;

/// A run for all profiles: everybody, somebody who has to sign in again, and once more.
#[test]
fn a_household() {
    for width in WIDTHS {
        let household = Household::of(4);
        household.sign_in(2, SignedDuration::from_hours(2));
        let arguments = "import --all-profiles --team BOS --jobs 1 --share-window 10m";
        let run = || {
            let mut command = household.world.command(arguments.split(' ').collect::<Vec<_>>());
            command.env("TERM", "dumb").env("COLUMNS", width.to_string());
            let (code, drawn) = Terminal::start_with(&command, width).finish();
            format!("{}exit code {}\n", settled(&drawn.replace('\r', "")), code.unwrap())
        };
        let (first, again) = (run(), run());
        assert_snapshot!(
            format!("household_{width}"),
            format!("# first\n{first}\n# again\n{again}")
        );
    }
}

/// The two lines stay whole, so that they can be pasted, and the rest fits.
#[test]
fn a_stand_in_for_todoist() {
    for width in WIDTHS {
        let world = World::new();
        let mut command = world.command(["sandbox"]);
        command.env("TERM", "dumb").env("COLUMNS", width.to_string());
        let mut terminal = Terminal::start_with(&command, width);
        terminal.until_drawn("forgets everything.");
        terminal.press("\u{3}");
        let (_, drawn) = terminal.finish();
        let port = drawn.split(':').nth(2).unwrap().split(char::is_whitespace).next().unwrap();
        let drawn = drawn.replace('\r', "").replace(port, "[port]");
        assert!(drawn.lines().all(|line| line.chars().count() <= width.into()), "{drawn}");
        assert_snapshot!(format!("sandbox_{width}"), drawn.replace("^C", ""));
    }
}

#[test]
fn a_demo() {
    for width in WIDTHS {
        let world = World::new();
        let Ok(mut command) = faketime(&world, super::TUESDAY) else { return };
        command.arg("demo").env("TERM", "dumb").env("TZ", "UTC").env("COLUMNS", width.to_string());
        let (code, drawn) = Terminal::start_with(&command, width).finish();
        assert_eq!(code, Some(0), "{drawn}");
        // An address has no place to be broken at.
        let words = drawn.lines().filter(|line| !line.contains("/app/project/"));
        assert!(words.into_iter().all(|line| line.trim_end().chars().count() <= width.into()));
        assert_snapshot!(format!("demo_{width}"), settled(&drawn.replace('\r', "")));
    }
}

/// Without the port of the sandbox and the id of the project.
fn settled(drawn: &str) -> String {
    let port = drawn.split("127.0.0.1:").nth(1).unwrap().split([' ', '/']).next().unwrap();
    let text = drawn.replace(port, "[port]");
    let parts: Vec<&str> = text.split("/app/project/").collect();
    let ids = parts[1..].iter().map(|part| {
        let end = part.find(|c: char| !c.is_alphanumeric()).unwrap_or(part.len());
        format!("/app/project/[id]{}", &part[end..])
    });
    [parts[0].to_owned()].into_iter().chain(ids).collect()
}
