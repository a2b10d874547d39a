//! Who is next in a run for many profiles, and when, and what it comes to: decisions only.

use std::time::Duration;

use crate::commands::Exit;

/// For each profile that is being imported, how many may wait for Todoist beside it: they cost
/// little, and do not hold up the others.
const WAITING_FOR_EACH: usize = 16;

/// Where a run for many profiles stands.
#[derive(Clone, Debug)]
pub struct Round {
    jobs: usize,
    looking: bool,
    /// How many are being imported, those that wait for Todoist left aside.
    active: usize,
    /// How many wait as long as Todoist told them to.
    waiting: usize,
    nobody_left: bool,
    ending: bool,
}

impl Round {
    /// A run of which `jobs` imports are under way at once.
    pub fn new(jobs: usize) -> Self {
        Self {
            jobs: jobs.max(1),
            looking: false,
            active: 0,
            waiting: 0,
            nobody_left: false,
            ending: false,
        }
    }

    /// Whether to look for the next profile now.
    pub fn is_to_look(&self) -> bool {
        !self.looking
            && !self.nobody_left
            && !self.ending
            && self.active < self.jobs
            && self.waiting < self.jobs * WAITING_FOR_EACH
    }

    /// Whether all has come to its end.
    pub fn is_over(&self) -> bool {
        let idle = !self.looking && self.active + self.waiting == 0;
        idle && (self.nobody_left || self.ending)
    }

    /// Whether nobody is to be begun any more.
    pub fn is_ending(&self) -> bool {
        self.ending
    }

    /// The next profile is being looked for.
    pub fn looks(&mut self) {
        self.looking = true;
    }

    /// One was found. Says whether its import begins; otherwise it is to be given back.
    pub fn found(&mut self) -> bool {
        self.looking = false;
        self.active += usize::from(!self.ending);
        !self.ending
    }

    /// None was found for now.
    pub fn found_none(&mut self) {
        self.looking = false;
    }

    /// None was found, and none will be.
    pub fn found_the_end(&mut self) {
        self.looking = false;
        self.nobody_left = true;
    }

    /// An import under way waits as long as Todoist told it to; another may begin meanwhile.
    pub fn waits(&mut self) {
        self.active -= 1;
        self.waiting += 1;
    }

    /// An import has ended; `waited` says that it counted among those that wait.
    pub fn ended(&mut self, waited: bool) {
        let count = if waited { &mut self.waiting } else { &mut self.active };
        *count -= 1;
    }

    /// Nobody is to be begun any more.
    pub fn end(&mut self) {
        self.ending = true;
    }
}

/// The pause before the next of `count` profiles begins: all together they take about as long as
/// `spread` says, and nobody begins when others do. `chance` is 0 to 1.
pub fn pause(spread: Duration, count: usize, chance: f64) -> Duration {
    let mean = spread.as_secs_f64() / (count as f64 + 1.0);
    Duration::try_from_secs_f64(2.0 * mean * chance.clamp(0.0, 1.0)).unwrap_or_default()
}

/// The worst of two ends: the one that most needs somebody to look at it. What passes by itself
/// counts least, what needs a sign-in more, and what nothing helps against most.
pub fn worst(one: Exit, other: Exit) -> Exit {
    let weight = |exit: Exit| match exit {
        Exit::Done => 0,
        Exit::WouldChange => 1,
        Exit::Temporary => 2,
        Exit::Partial => 3,
        Exit::SignIn => 4,
        Exit::KeyStore => 5,
        Exit::Usage => 6,
        Exit::Failed => 7,
        Exit::Interrupted => 8,
    };
    if weight(other) > weight(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What can happen to a run, in any order that makes sense.
    fn run(jobs: usize, profiles: usize, events: Vec<(u8, bool)>) -> Result<(), TestCaseError> {
        let (mut round, mut left, mut begun, mut ended) = (Round::new(jobs), profiles, 0, 0);
        let (mut active, mut waiting, mut looking) = (0, 0, false);
        let mut events = events.into_iter();
        while !round.is_over() {
            if round.is_to_look() {
                prop_assert!(!looking && active < jobs);
                round.looks();
                looking = true;
            }
            prop_assert!(looking || active + waiting > 0, "nothing would ever happen: {round:?}");
            // When the events are used up, all goes on as well as it can.
            let (event, flag) = events.next().unwrap_or((if looking { 0 } else { 1 }, false));
            match event {
                0 if looking && flag => {
                    looking = false;
                    round.found_none();
                }
                0 if looking && left > 0 => {
                    looking = false;
                    if round.found() {
                        (left, begun, active) = (left - 1, begun + 1, active + 1);
                    }
                }
                0 if looking => {
                    looking = false;
                    round.found_the_end();
                }
                1 if waiting > 0 && (flag || active == 0) => {
                    (waiting, ended) = (waiting - 1, ended + 1);
                    round.ended(true);
                }
                1 if active > 0 => {
                    (active, ended) = (active - 1, ended + 1);
                    round.ended(false);
                }
                2 if active > 0 => {
                    (active, waiting) = (active - 1, waiting + 1);
                    round.waits();
                }
                3 if flag => round.end(),
                _ => {}
            }
            prop_assert!(active <= jobs && waiting <= jobs * (WAITING_FOR_EACH + 1));
        }
        prop_assert_eq!((begun, active, waiting), (ended, 0, 0));
        prop_assert!(round.is_ending() || begun == profiles, "{} of {}", begun, profiles);
        Ok(())
    }

    proptest! {
        #[test]
        fn every_profile_has_its_turn_and_never_too_many_at_once(
            jobs in 1_usize..5,
            profiles in 0_usize..40,
            events in prop::collection::vec((0_u8..4, any::<bool>()), 0..200),
        ) {
            // Without an interrupt, which is the fourth.
            let calm = events.iter().map(|(event, flag)| (event % 3, *flag)).collect();
            run(jobs, profiles, calm)?;
            run(jobs, profiles, events)?;
        }

        #[test]
        fn all_begin_within_twice_the_spread_and_within_it_on_the_whole(
            seconds in 0_u64..3600,
            count in 1_usize..1000,
            chance in 0.0_f64..=1.0,
        ) {
            let spread = Duration::from_secs(seconds);
            let one = pause(spread, count, chance);
            prop_assert!(one * u32::try_from(count).unwrap() <= spread * 2);
            let mean = (pause(spread, count, 0.0) + pause(spread, count, 1.0)) / 2;
            prop_assert!(mean * u32::try_from(count).unwrap() <= spread);
        }
    }

    #[test]
    fn what_somebody_has_to_look_at_is_worse_than_what_passes() {
        let order = [
            Exit::Done,
            Exit::WouldChange,
            Exit::Temporary,
            Exit::Partial,
            Exit::SignIn,
            Exit::KeyStore,
            Exit::Usage,
            Exit::Failed,
            Exit::Interrupted,
        ];
        for (at, better) in order.iter().enumerate() {
            for worse in &order[at..] {
                assert_eq!(worst(*better, *worse), *worse);
                assert_eq!(worst(*worse, *better), *worse);
            }
        }
    }
}
