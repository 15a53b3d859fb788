//! What a language must have before the house can speak it. A missing part does not compile.

/// Everything that the house says in one language.
pub(crate) struct Wording {
    /// The primary tag.
    pub tag: &'static str,
    /// It is written from right to left.
    pub right_to_left: bool,
    /// Days, months, times.
    pub calendar: Calendar,
    /// What clients are told.
    pub replies: ReplyTexts,
    /// What the owner is told.
    pub notices: NoticeWords,
}

/// How days and times are named. Patterns hold `{weekday}`, `{date}`, `{day}`, `{month}`, `{year}`, `{time}`, `{at}`.
pub(crate) struct Calendar {
    /// Monday first, as they stand alone.
    pub weekdays: [&'static str; 7],
    /// Monday first, as they stand in an opening.
    pub on_weekday: [&'static str; 7],
    /// January first, as they stand in a date.
    pub months: [&'static str; 12],
    /// The first of a month, where it is no plain `1`.
    pub first: &'static str,
    /// A date: `{day}`, `{month}`.
    pub date: &'static str,
    /// A date: `{day}`, `{month}`, `{year}`.
    pub date_with_year: &'static str,
    /// A time of day (hour 0-23, minute), as people write it.
    pub time: fn(u32, u32) -> String,
    /// The same with its preposition: what answers "when?".
    pub at: fn(u32, u32) -> String,
    /// An opening in the next days: `{weekday}`, `{at}`.
    pub near: &'static str,
    /// An opening further away: `{weekday}`, `{date}`, `{at}`.
    pub far: &'static str,
    /// A time in the reader's zone: `{time}`, `{at}`.
    pub yours: &'static str,
    /// The same on another day than the one just named: `{weekday}`, `{time}`, `{at}`.
    pub yours_on: &'static str,
    /// Both: `{opening}`, `{yours}`.
    pub both: &'static str,
    /// When a message came: `{weekday}`, `{time}`.
    pub stamp: &'static str,
    /// When an older message came: `{weekday}`, `{date}`, `{time}`.
    pub dated_stamp: &'static str,
}

/// The built-in replies: minijinja templates. Each reads well without a name and without a reason.
pub(crate) struct ReplyTexts {
    /// How the reason of a closing joins the sentence: `{why}`.
    pub reason: &'static str,
    /// Closed, for whatever reason.
    pub closed: &'static str,
    /// Closed for a holiday or exception.
    pub holiday: &'static str,
    /// The owner is away.
    pub away: &'static str,
    /// The message rang through.
    pub urgent: &'static str,
    /// Closed, and no opening is known.
    pub never: &'static str,
    /// A call that nobody took.
    pub call: &'static str,
    /// A spoken message.
    pub voicemail: &'static str,
    /// Open again, and not answered yet.
    pub follow_up: &'static str,
    /// It opens later than was said.
    pub correction: &'static str,
    /// Spoken to who calls when it is closed, and may leave a message.
    pub greeting: &'static str,
    /// Spoken to who calls when it is closed, and may leave none.
    pub announcement: &'static str,
    /// Spoken to who calls when it is open, where nobody takes the call and a message may be left.
    pub unanswered: &'static str,
}

/// What notices are made of.
pub(crate) struct NoticeWords {
    /// "5 messages".
    pub messages: fn(usize) -> String,
    /// "5 messages from 3 people".
    pub messages_from_people: fn(usize, usize) -> String,
    /// "5 messages from Ana": `{messages}`, `{name}`.
    pub messages_from: &'static str,
    /// "and 5 more messages": what a cut notice ends with.
    pub more: fn(usize) -> String,
    /// The provider flagged it.
    pub urgent: &'static str,
    /// An automatic reply went out.
    pub replied: &'static str,
    /// It was sent at the time shown, and reached us only later.
    pub late: &'static str,
    /// Picture, sound, file ...
    pub media: &'static str,
    /// A call that nobody took.
    pub call: &'static str,
    /// A spoken message.
    pub voicemail: &'static str,
    /// In the place of the name and number of who has shown neither.
    pub withheld: &'static str,
    /// A message without words.
    pub wordless: &'static str,
    /// Above people who were promised an answer at an earlier opening, and have none yet.
    pub waiting: &'static str,
    /// The opening that they were told: `{time}`.
    pub promised: &'static str,
    /// What the owner says by a link or button: somebody has an answer. Short, and about nobody by name.
    pub answered: &'static str,
    /// That is noted.
    pub noted: &'static str,
    /// Nothing was to be noted: somebody, or the owner's own message, was first.
    pub noted_before: &'static str,
    /// It could not be noted: the store did not take it.
    pub not_noted: &'static str,
    /// Above messages that rang through in the closed period on the sender's word.
    pub rang_through: &'static str,
    /// The notice may have arrived before. Short: with `more` it must fit into 80 bytes.
    pub repeated: &'static str,
}
