//! What every store does, whatever the database: one body over `dyn Store`, and what only `SQLite` has beside it.

#![expect(clippy::expect_used, reason = "a test may")]

mod admitting;
mod asking;
mod crash;
mod keeping;
mod model;
mod sending;
mod sqlite;
pub mod world;

use world::{Home, Sqlite};

/// Runs every story on every database. A story opens its store by its `Home`, and may close and open it again.
macro_rules! on_every_database {
    ($($room:ident: $($story:ident),+;)+) => {
        mod on_sqlite {
            $(mod $room {
                use super::super::{Home, Sqlite, $room};
                $(#[tokio::test]
                async fn $story() {
                    let home: &dyn Home = &Sqlite::new();
                    $room::$story(home).await;
                })+
            })+
        }
    };
}

on_every_database! {
    admitting:
        a_repetition_changes_nothing,
        what_is_not_kept_leaves_no_trace,
        facts_are_those_of_the_person,
        facts_survive_a_restart,
        the_second_of_a_call_knows_the_first,
        replies_are_counted_by_person_line_and_all,
        a_second_name_carries_what_the_first_was_known_for,
        a_clock_that_was_far_ahead_silences_nobody,
        ringing_through_is_counted_since_the_closing,
        parts_of_one_message_become_one,
        a_part_that_comes_too_late_is_told_by_itself,
        an_answer_that_its_provider_calls_automatic_is_not_the_owners,
        a_decision_that_panics_fails_alone;
    asking:
        what_became_of_a_message_is_told,
        an_opt_out_is_known_and_taken_back,
        an_opt_out_may_come_from_the_provider,
        what_a_channel_has_noted_survives,
        what_is_noted_of_a_message_is_kept_with_it_alone;
    sending:
        rows_are_claimed_once_the_longest_due_first,
        a_digest_is_claimed_whole,
        outcomes,
        a_row_that_was_not_begun_is_untried,
        what_a_receipt_has_settled_is_not_begun,
        receipts_have_the_last_word,
        receipts_know_their_own,
        receipts_know_follow_ups_and_corrections_too,
        a_receipt_tells_under_which_id_the_provider_knows_a_send,
        what_failed_is_not_sent_by_an_older_word,
        a_crash_on_the_wire,
        a_crash_on_the_wire_where_repeating_is_harmless,
        keys_are_never_given_twice,
        a_claim_that_nobody_received_is_nobodys;
    keeping:
        held_rows_move_with_the_opening,
        hours_and_overrides_change_as_one,
        what_is_due_already_is_not_put_off,
        notices_of_a_sink_that_is_gone_go_to_another,
        held_rows_are_released,
        notices_that_were_given_up_are_listed_and_released,
        people_are_remembered_longer_than_their_messages,
        held_rows_are_listed_and_counted,
        an_alert_is_given_once,
        overrides_survive,
        what_is_old_is_forgotten,
        closing_is_final;
}
