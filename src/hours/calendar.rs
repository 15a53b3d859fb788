//! Days, computed once.

use std::borrow::Cow;
use std::sync::OnceLock;

use chrono::NaiveDate;

use super::rules::{Day, Rule};

/// Days in a block.
const BLOCK: usize = 64;

/// Days from 1970 to the end of 2100 are kept; others are computed again each time.
const BLOCKS: usize = 131 * 366 / BLOCK + 1;

/// The days of a schedule. Each is computed when it is first asked for, with its neighbours, and kept.
#[derive(Debug)]
pub(super) struct Calendar {
    pub rules: Vec<Rule>,
    blocks: Box<[OnceLock<Block>]>,
}

/// The days of a block.
#[derive(Debug)]
struct Block {
    days: Box<[Day]>,
    /// There is not a closed minute in it: a look ahead need not go through its days.
    is_open_throughout: bool,
}

impl Calendar {
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules, blocks: (0..BLOCKS).map(|_| OnceLock::new()).collect() }
    }

    /// What is open and closed on that day of the calendar.
    pub fn day(&self, date: NaiveDate) -> Cow<'_, Day> {
        match self.block(date) {
            Some((block, place)) => Cow::Borrowed(&block.days[place]),
            None => Cow::Owned(self.days(date, 1).into_iter().next().unwrap_or_default()),
        }
    }

    /// The last of the days from this one on that are known, without a look at each, to be open throughout; `None` is no
    /// statement.
    pub fn open_through(&self, date: NaiveDate) -> Option<NaiveDate> {
        let (block, place) = self.block(date)?;
        let left = u64::try_from(BLOCK - 1 - place).ok()?;
        block.is_open_throughout.then(|| date.checked_add_days(chrono::Days::new(left))).flatten()
    }

    /// The block that a day is in, and its place there.
    fn block(&self, date: NaiveDate) -> Option<(&Block, usize)> {
        let number = usize::try_from(date.to_epoch_days()).ok()?;
        let block = self.blocks.get(number / BLOCK)?.get_or_init(|| {
            let days = self.days(first_of_block(number), BLOCK);
            let is_open_throughout = days.iter().all(Day::is_open_throughout);
            Block { days, is_open_throughout }
        });
        Some((block, number % BLOCK))
    }

    fn days(&self, first: NaiveDate, count: usize) -> Box<[Day]> {
        let mut before = Day::starting(&self.rules, first.pred_opt().unwrap_or(first));
        let days = first.iter_days().take(count).map(|date| {
            let starting = Day::starting(&self.rules, date);
            let day = starting.after(&before);
            before = starting;
            day
        });
        days.collect()
    }
}

fn first_of_block(number: usize) -> NaiveDate {
    let first = i32::try_from(number / BLOCK * BLOCK).unwrap_or(0);
    NaiveDate::from_epoch_days(first).unwrap_or_default()
}
