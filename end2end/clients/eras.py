"""What passes between clients and servers of the two eras, and which tests of the gateway show it."""

from __future__ import annotations

from dataclasses import dataclass

#: Client → server.
CELLS = ["legacy → legacy", "legacy → modern", "modern → modern", "modern → legacy"]

YES = "✓"


@dataclass(frozen=True)
class Feature:
    name: str
    cells: tuple[str, str, str, str]
    #: `file::test` under crates/gateway/tests.
    tests: tuple[str, ...]


FEATURES = [
    Feature(
        "Finding the era",
        ("`initialize`", "`initialize`, answered by Sluice", "`server/discover`", "`server/discover`, answered by Sluice"),
        ("eras::a_modern_client_discovers_a_server_of_either_era", "eras::calls_lists_and_unknown_methods_pass_between_the_eras"),
    ),
    Feature(
        "Tools, resources, prompts; errors; unknown methods and fields",
        (YES, YES, YES, YES),
        ("eras::calls_lists_and_unknown_methods_pass_between_the_eras", "pairings::streamable_to_streamable"),
    ),
    Feature(
        "Progress, in order and before the answer",
        (YES, YES, YES, YES),
        ("eras::calls_lists_and_unknown_methods_pass_between_the_eras", "pairings::sse_to_sse"),
    ),
    Feature(
        "Cancellation",
        ("✓ by notification", "✓ by notification", "✓ by closing the stream", "✓ by closing the stream"),
        ("cancellation::a_notification_cancels_a_legacy_call", "cancellation::closing_the_stream_cancels_a_modern_call"),
    ),
    Feature(
        "The end of a session ends its calls",
        ("✓ `DELETE`, or the end of the SSE stream", "✓", "no sessions", "no sessions"),
        ("cancellation::a_call_ends_with_the_session_that_waits_for_it",),
    ),
    Feature(
        "Questions to the client: elicitation, sampling, roots",
        ("✓ as requests", "✓ as requests, Sluice tries again", "✓ as `input_required`", "✓ as `input_required`, the call is parked"),
        (
            "eras::questions_cross_the_eras",
            "eras::a_parked_call_resumes_once_and_for_its_own_client_only",
            "pairings::questions_of_servers_reach_the_client",
        ),
    ),
    Feature(
        "No question to a client that cannot answer it",
        (YES, YES, YES, YES),
        ("eras::what_a_client_cannot_do_it_is_not_asked", "eras::what_a_legacy_client_cannot_do_it_is_not_asked"),
    ),
    Feature(
        "Resource subscriptions and changed lists",
        ("✓ `resources/subscribe`", "✓ `resources/subscribe`", "✓ `subscriptions/listen`", "✓ `subscriptions/listen`"),
        (
            "eras::a_legacy_client_subscribes_at_a_server_of_either_era",
            "eras::a_legacy_client_hears_of_changed_lists_of_a_server_of_either_era",
            "eras::a_modern_client_listens_to_a_server_of_either_era",
        ),
    ),
    Feature(
        "Log messages and their level",
        ("✓ `logging/setLevel`", "✓ `logging/setLevel`", "✓ with each request", "✓ with each request"),
        (
            "eras::a_legacy_client_subscribes_at_a_server_of_either_era",
            "eras::a_modern_client_gets_log_messages_from_the_level_of_its_call",
            "eras::clients_of_one_process_have_levels_of_their_own",
        ),
    ),
    Feature(
        "Parameters that travel as headers too (`x-mcp-header`)",
        ("not known", "✓ sent by Sluice", "✓ compared and passed on", "✓ compared"),
        (
            "mirror::headers_of_a_call_must_say_what_its_arguments_say",
            "mirror::a_legacy_client_need_not_know_of_headers",
        ),
    ),
    Feature(
        "Tasks, at a project's one address too",
        (YES, "see below", "✓ told of by `subscriptions/listen`", "see below"),
        (
            "eras::tasks_pass_between_peers_of_one_era",
            "tasks::legacy_tasks_lead_back_to_their_servers",
            "tasks::tasks_of_a_shared_process_are_of_the_key_that_made_them",
            "tasks::modern_tasks_lead_back_to_their_servers_after_a_restart_too",
            "tasks::a_client_hears_of_the_tasks_that_it_follows",
        ),
    ),
    Feature(
        "Sessions go on after a restart of Sluice",
        (YES, "✓ the clients above", "no sessions", "no sessions; a parked call is lost"),
        ("restart::a_restart_of_sluice_is_survived", "aggregate::a_restart_of_sluice_is_survived_at_the_projects_address"),
    ),
    Feature(
        "Servers of both eras at a project's one address",
        (YES, YES, YES, YES),
        ("aggregate::servers_of_every_kind_are_one_for_every_kind_of_client",),
    ),
]

LIMITS = """\
Limits:

- Tasks do not cross the eras: those of 2025-11-25 and the extension of 2026-07-28 have other methods and other states.
- The stream of an answer is not taken up again after it broke. 2026-07-28 has no way to do so; to legacy clients Sluice
  does not promise it, as the events of its answers have no ids.
- What a server says outside of any call reaches a legacy client over HTTP only while it listens with `GET`.
"""
