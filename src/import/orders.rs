//! From a schedule to what a destination should hold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::import::options::Grouping;
use crate::import::place::Place;
use crate::import::plan::Order;
use crate::import::subject::Subject;
use crate::import::task::{Occasion, SectionName, Spot, Task};
use crate::import::{TaskOptions, wording};
use crate::model::{Game, GameId, Season, Tipoff, Tricode};
use crate::schedule::arena;

/// The day before a season usually opens: since 2021 the first game was on an October day from
/// the 18th to the 24th, most often about the 20th.
const BEFORE_THE_OPENING: Occasion = Occasion::EveryYear { month: 10, day: 19 };

/// One team's part of a schedule.
#[derive(Clone, Copy, Debug)]
pub struct TeamGames<'a> {
    /// From whose side the games are told.
    pub team: Tricode,
    /// Its games that should have a task.
    pub games: &'a [Game],
    /// Its games that are called off for now.
    pub postponed: &'a [Game],
    /// Its games that are called off for good.
    pub cancelled: &'a [Game],
    /// Its coming games that are not wanted.
    pub excluded: &'a [Game],
}

/// What the tasks of all games have in common.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// What the person chose.
    pub options: &'a TaskOptions,
    /// The zone of the times in titles and of the days of sections.
    pub zone: &'a TimeZone,
}

/// The order for a project of the team's own.
pub fn own_project(games: &TeamGames<'_>, style: Style<'_>) -> Order {
    order(games, Place::own_project(games.team), style)
}

/// The order for a section of the Inbox of the team's own.
pub fn inbox_section(games: &TeamGames<'_>, style: Style<'_>) -> Order {
    let mut order = order(games, Place::inbox(games.team), style);
    order.stand_in_own_section();
    order
}

/// The order for one place of several teams: a game of two of them is one task, from the side of
/// the one that was named first. `name` is what a project is called that has to be created.
/// `None` without a team.
pub fn together(place: Place, name: &str, own: Vec<Order>) -> Option<Order> {
    let mut orders = own.into_iter();
    let mut one = orders.next()?;
    for other in orders {
        let there: Vec<&mut Task> = one.tasks.iter_mut().chain(&mut one.if_there).collect();
        let mut there: BTreeMap<Subject, &mut Task> =
            there.into_iter().map(|task| (task.subject, task)).collect();
        let mut fresh = |task: &Task| match there.get_mut(&task.subject) {
            None => true,
            Some(known) => {
                known.teams.extend(task.teams.iter().copied());
                false
            }
        };
        let tasks: Vec<Task> = other.tasks.into_iter().filter(&mut fresh).collect();
        let if_there: Vec<Task> = other.if_there.into_iter().filter(&mut fresh).collect();
        one.tasks.extend(tasks);
        one.if_there.extend(if_there);
        one.teams.extend(other.teams);
        for (subject, task) in other.excluded {
            let teams = task.teams.clone();
            one.excluded.entry(subject).or_insert(task).teams.extend(teams);
        }
        let rivals =
            other.rivals.into_iter().filter(|(subject, _)| !one.rivals.contains_key(subject));
        let rivals: Vec<_> = rivals.collect();
        one.rivals.extend(rivals);
    }
    for task in one.tasks.iter_mut().chain(&mut one.if_there) {
        one.excluded.remove(&task.subject);
        if task.subject == Subject::NextSeason {
            task.content = wording::next_season(name);
        }
    }
    one.key = place.to_string();
    one.place = place;
    name.clone_into(&mut one.name);
    one.sort();
    Some(one)
}

fn order(games: &TeamGames<'_>, place: Place, style: Style<'_>) -> Order {
    let side = Side { team: games.team, style };
    let name = wording::project_name(games.team);
    let excluded = games.excluded.iter().filter_map(|game| side.task(game));
    let mut order = Order {
        key: place.to_string(),
        place,
        color: games.team.team().color,
        teams: BTreeSet::from([games.team]),
        tasks: games.games.iter().filter_map(|game| side.task(game)).collect(),
        if_there: Vec::new(),
        excluded: excluded.map(|task| (task.subject, task)).collect(),
        rivals: games.games.iter().filter_map(|game| side.rival(game, str::to_owned)).collect(),
        name,
    };
    for (off, say) in [
        (games.postponed, wording::postponed as fn(&str) -> String),
        (games.cancelled, wording::cancelled),
    ] {
        order.if_there.extend(off.iter().filter_map(|game| side.off(game, say)));
        order.rivals.extend(off.iter().filter_map(|game| side.rival(game, say)));
    }
    let yearly = side.next_season();
    let list = if style.options.yearly { &mut order.tasks } else { &mut order.if_there };
    list.push(yearly);
    order.sort();
    order
}

/// A team whose side the tasks are seen from.
struct Side<'a> {
    team: Tricode,
    style: Style<'a>,
}

impl Side<'_> {
    /// What a game's task should look like; `None` while its teams are undecided.
    fn task(&self, game: &Game) -> Option<Task> {
        let Style { options, zone } = self.style;
        let content = options.title.title(self.team, game, zone)?;
        let description = wording::description(game);
        let due = Occasion::from(game.tipoff);
        let is_timed = matches!(game.tipoff, Tipoff::At(_));
        Some(Task {
            // A day has no duration, and nothing reminds of it at a time.
            minutes: options.minutes.filter(|_| is_timed),
            reminder: options.reminder.filter(|_| is_timed),
            spot: self.spot(due),
            ..self.bare(game.id.into(), content, description, due)
        })
    }

    /// The task of a game that is off: it loses its time, and says so.
    fn off(&self, game: &Game, say: fn(&str) -> String) -> Option<Task> {
        let task = self.task(game)?;
        let due = Occasion::On(arena::day(game));
        let content = say(&task.content);
        let spot = self.spot(due);
        Some(Task { content, due, spot, minutes: None, reminder: None, ..task })
    }

    /// The task that reminds of the next season.
    fn next_season(&self) -> Task {
        let content = wording::next_season(self.team.team().nickname);
        let (subject, due) = (Subject::NextSeason, BEFORE_THE_OPENING);
        let task = self.bare(subject, content, wording::next_season_description(), due);
        Task { spot: self.spot(due), ..task }
    }

    fn bare(&self, subject: Subject, content: String, description: String, due: Occasion) -> Task {
        Task {
            subject,
            teams: BTreeSet::from([self.team]),
            content,
            description,
            due,
            minutes: None,
            labels: self.style.options.labels.clone(),
            priority: self.style.options.priority,
            spot: None,
            reminder: None,
        }
    }

    fn spot(&self, due: Occasion) -> Option<Spot> {
        let day = match due {
            Occasion::At(instant) => instant.to_zoned_datetime(self.style.zone.clone()).date(),
            Occasion::On(day) => day,
            Occasion::EveryYear { .. } => return self.style.options.sections.map(|_| Spot::Loose),
        };
        self.style.options.sections.map(|sections| match sections {
            Grouping::None => Spot::Loose,
            Grouping::Month => Spot::In(SectionName::of_month(day)),
        })
    }

    /// The title that the opponent's import gives a game.
    fn rival(&self, game: &Game, say: fn(&str) -> String) -> Option<(Subject, String)> {
        let matchup = game.matchup?;
        let opponent = if matchup.home == self.team { matchup.away } else { matchup.home };
        let title = self.style.options.title.title(opponent, game, self.style.zone)?;
        Some((game.id.into(), say(&title)))
    }
}

impl Order {
    /// Puts the tasks into the one section of the Inbox; or into none that a project would have.
    fn stand_in_own_section(&mut self) {
        let section = SectionName { order: 0, name: self.name.clone() };
        let spot = self.place.is_of_inbox().then_some(Spot::In(section));
        self.all_mut().for_each(|task| task.spot.clone_from(&spot));
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Task> {
        let wanted = self.tasks.iter_mut().chain(&mut self.if_there);
        wanted.chain(self.excluded.values_mut())
    }

    /// The season of its games, if it has some.
    pub fn season(&self) -> Option<Season> {
        let games = self.tasks.iter().chain(&self.if_there).filter_map(|it| it.subject.game());
        games.map(GameId::season).max()
    }

    /// The same order for a place beside that of another season. The season is in its name, too,
    /// where `is_named`; a section of the Inbox always has it there.
    pub fn beside(mut self, season: Season, is_named: bool) -> Self {
        self.place = self.place.beside(season);
        self.key = self.place.to_string();
        let is_section = self.place.is_of_inbox();
        if is_named || is_section {
            self.name = wording::name_of_season(&self.name, season);
        }
        if is_section {
            self.stand_in_own_section();
        }
        self
    }

    /// The same order for the other usual places in which the same team's games may be.
    pub fn other_places(&self) -> Vec<Self> {
        let mut others = Vec::new();
        for team in &self.teams {
            for place in [Place::own_project(*team), Place::inbox(*team)] {
                if self.place.is_exclusive() && place != self.place {
                    let name = wording::project_name(*team);
                    let of_team = |task: &&Task| task.teams.contains(team);
                    let tasks = self.tasks.iter().filter(of_team).cloned().collect();
                    let key = place.to_string();
                    let mut other = Self { key, place, name, tasks, ..self.clone() };
                    if self.place.is_of_inbox() || other.place.is_of_inbox() {
                        other.stand_in_own_section();
                    }
                    others.push(other);
                }
            }
        }
        others
    }

    fn sort(&mut self) {
        let key = |task: &Task| (task.due.sort_key(), task.subject);
        self.tasks.sort_by_cached_key(key);
    }
}
