//! The fenced blocks of a page, and the commands in them.

use std::process::{Command, Stdio};

/// A fenced block.
pub(crate) struct Block {
    /// The page that it stands in.
    pub(crate) page: String,
    /// The line of its fence, from 1.
    line: usize,
    pub(crate) language: String,
    pub(crate) text: String,
}

/// The blocks of a page, in its order.
pub(crate) fn blocks(page: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                let language = language.trim().to_owned();
                let (page, text) = (page.to_owned(), String::new());
                open = Some(Block { page, line: number + 1, language, text });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{page}: a block has no end");
    blocks
}

impl Block {
    /// Where it stands, for messages.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }

    /// Its lines, without comments and blank ones.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = self.text.lines();
        lines.filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#'))
    }

    /// What one types before the shell does something: mostly a line, and as many as there are
    /// where one goes on in the next.
    pub(crate) fn commands(&self) -> Vec<String> {
        let (mut commands, mut typed) = (Vec::new(), String::new());
        for line in self.text.lines() {
            let is_idle = line.trim().is_empty() || line.trim().starts_with('#');
            if typed.is_empty() && is_idle {
                continue;
            }
            typed += &format!("{line}\n");
            if is_whole(&typed) {
                commands.push(std::mem::take(&mut typed).trim_end().to_owned());
            }
        }
        assert!(typed.is_empty(), "{}: a command has no end: {typed}", self.place());
        commands
    }
}

/// Whether a shell would not wait for more.
fn is_whole(typed: &str) -> bool {
    if typed.trim_end_matches('\n').ends_with('\\') {
        return false;
    }
    if let Some((_, word)) = typed.lines().next().unwrap_or_default().split_once("<<") {
        let word = word.trim_matches(['-', ' ', '\'', '"']);
        let word = word.split_whitespace().next().unwrap_or_default().trim_matches(['\'', '"']);
        return typed.lines().skip(1).any(|line| line.trim() == word);
    }
    let mut shell = Command::new("sh");
    shell.args(["-n", "-c", typed]).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().unwrap().success()
}

#[test]
fn a_command_can_go_on_in_the_next_line() {
    let page = "a\n\n```sh\n# why\nfor team in BOS LAL; do\n  echo $team\ndone\none \\\n  two\n\
                cat > x <<'END'\nthree\nEND\nfour # five\n```\n";
    let [block] = &blocks("page.md", page)[..] else { panic!("one block") };
    assert_eq!((block.place().as_str(), block.language.as_str()), ("page.md:3", "sh"));
    let commands = block.commands();
    let ends: Vec<&str> = commands.iter().map(|it| it.lines().last().unwrap()).collect();
    assert_eq!(ends, ["done", "  two", "END", "four # five"]);
}
