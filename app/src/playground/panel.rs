//! The call's arguments, its run, and what came of it.

use leptos::{ev, prelude::*};
use serde_json::Value;

use super::{
    control::controls,
    history,
    question::Ask,
    result::ShowOutcome,
    schema::fields,
    snippet::Snippet,
    state::{Link, State},
    values::initial,
};
use crate::{
    i18n::{Playground, group},
    ui::{BUTTON_CLASS, Badge, Button, Card, CodeArea, CodeBlock, CopyButton, SHORT_BUTTON_CLASS},
};

/// `tool` is the server's name for it, `offered` that which clients call.
#[component]
pub fn Panel(project: String, url: String, tool: String, offered: String, schema: Value) -> impl IntoView {
    let p = Playground::current();
    let asked = fields(&schema);
    let path =
        url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| format!("/{path}"));
    // The page's own origin: the public address may differ by a loopback name.
    let link = Link { project, url: path.unwrap_or_else(|| url.clone()), ..Link::default() };
    let place = link.url.clone();
    let state = State::new(link, asked.as_deref().map_or_else(|| Value::Object(Default::default()), initial));
    Effect::new(move |_| state.history.set(history::load(&place)));
    let raw = RwSignal::new(asked.is_none());
    let bad = RwSignal::new(false);
    let form_there = asked.is_some();
    let empty = asked.as_ref().is_some_and(Vec::is_empty);
    let asked = StoredValue::new(asked.unwrap_or_default());
    let names = StoredValue::new((tool, offered.clone()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !bad.get_untracked() && !state.running.get_untracked() {
            run_call(state, names.get_value());
        }
    };
    let typed = move |text: String| match serde_json::from_str::<Value>(&text) {
        Ok(value @ Value::Object(_)) => {
            bad.set(false);
            state.draft.value.set(value);
        }
        _ => bad.set(true),
    };
    let editor = move || {
        state.draft.shape.track();
        if raw.get() {
            let text = serde_json::to_string_pretty(&state.draft.value.get_untracked()).unwrap_or_default();
            return view! { <CodeArea id="arguments".to_owned() label=p.arguments text=text on_input=typed /> }.into_any();
        }
        if empty {
            return view! { <p class="text-ink-muted">{p.no_arguments}</p> }.into_any();
        }
        let path = vec![];
        asked.with_value(|asked| controls(state.draft, asked, &path)).into_any()
    };
    let switch = move || {
        if !bad.get_untracked() {
            raw.update(|raw| *raw = !*raw);
        }
    };
    view! {
        <div class="grid gap-6 lg:grid-cols-2 items-start">
            <Card title=p.arguments>
                {(!form_there).then(|| view! { <p class="text-ink-muted">{p.raw_only}</p> })}
                <form class="flex flex-col gap-4" on:submit=submit>
                    {editor}
                    <p class="text-bad text-xs" hidden=move || !bad.get()>{p.raw_bad}</p>
                    <div class="flex gap-2 flex-wrap">
                        <button class=BUTTON_CLASS type="submit" disabled=move || state.running.get() || bad.get()>
                            {move || if state.running.get() { p.running } else { p.run }}
                        </button>
                        <div class="contents" hidden=move || !state.running.get()>
                            <Button on_press=move || cancel_call(state)>{p.cancel}</Button>
                        </div>
                        {form_there.then(|| view! {
                            <Button on_press=switch>{move || if raw.get() { p.form } else { p.raw }}</Button>
                        })}
                    </div>
                </form>
            </Card>
            <div class="min-w-0">
                {move || state.question.get().map(|question| view! { <Ask state=state question=question /> })}
                <Card title=p.result>
                    <div class="flex flex-col gap-3 min-w-0" role="region" aria-label=p.result aria-live="polite">
                        <Going state=state />
                        {move || match state.outcome.get() {
                            Some((outcome, took)) => view! { <ShowOutcome outcome=outcome took=took /> }.into_any(),
                            None if state.running.get() => ().into_any(),
                            None => view! { <p class="text-ink-muted">{p.no_result}</p> }.into_any(),
                        }}
                    </div>
                </Card>
                <WireLog state=state />
                <Code state=state url=url tool=offered />
                <History state=state names=names />
            </div>
        </div>
    }
}

#[component]
fn Going(state: State) -> impl IntoView {
    let p = Playground::current();
    move || {
        let progress = state.progress.get();
        state.running.get().then(|| {
            let (done, total) = progress.as_ref().map(|told| (told.done, told.total)).unwrap_or_default();
            let words = progress.and_then(|told| told.message).unwrap_or_else(|| p.running.to_owned());
            view! {
                <div class="flex flex-col gap-1" role="status">
                    <progress class="w-full" max=total value=total.map(|_| done) aria-label=p.running></progress>
                    <span class="text-ink-muted text-xs">{words}</span>
                </div>
            }
        })
    }
}

#[component]
fn WireLog(state: State) -> impl IntoView {
    let p = Playground::current();
    let entries = move || {
        state
            .wire
            .get()
            .into_iter()
            .map(|entry| {
                let word = if entry.sent { p.sent } else { p.received };
                let text = match serde_json::from_str::<Value>(&entry.text) {
                    Ok(value) => serde_json::to_string_pretty(&value).unwrap_or(entry.text),
                    Err(_) => entry.text,
                };
                view! {
                    <li>
                        <p class="mb-1 text-xs text-ink-muted">{word} " · " {group(entry.at)} " ms"</p>
                        <CodeBlock code=text label=word />
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <details class="mb-4">
            <summary class="cursor-pointer font-medium">
                {p.wire} " " <span class="text-ink-muted">{move || state.wire.with(Vec::len)}</span>
            </summary>
            <ol class="mt-2 flex flex-col gap-3">{entries}</ol>
        </details>
    }
}

#[component]
fn Code(state: State, url: String, tool: String) -> impl IntoView {
    let p = Playground::current();
    let named = StoredValue::new((url, tool));
    let blocks = move || {
        let arguments = state.draft.value.get();
        Snippet::ALL
            .map(|snippet| {
                let text = named.with_value(|(url, tool)| snippet.write(url, tool, &arguments));
                view! {
                    <div class="flex items-center justify-between gap-2">
                        <h3 class="font-medium">{snippet.label()}</h3>
                        <CopyButton value=text.clone() />
                    </div>
                    <CodeBlock code=text label=snippet.label() />
                }
            })
            .collect_view()
    };
    view! {
        <details class="mb-4">
            <summary class="cursor-pointer font-medium">{p.as_code}</summary>
            <p class="mt-2 text-ink-muted">{p.as_code_note}</p>
            <div class="mt-2 flex flex-col gap-2">{blocks}</div>
        </details>
    }
}

#[component]
fn History(state: State, names: StoredValue<(String, String)>) -> impl IntoView {
    let p = Playground::current();
    let rows = move || {
        let tool = names.with_value(|(tool, _)| tool.clone());
        let mine = state.history.get().into_iter().filter(|past| past.tool == tool);
        mine.map(|past| {
            let mut short = past.arguments.to_string();
            if let Some((at, _)) = short.char_indices().nth(120) {
                short.truncate(at);
                short.push('…');
            }
            let mark = if past.good { "✓" } else { "✗" };
            let again = move || state.draft.reshape(&[], Some(past.arguments.clone()));
            view! {
                <li class="flex gap-2 items-center py-1">
                    <Badge label=format!("{mark} {} ms", group(past.took)) />
                    <code class="grow min-w-0 break-all text-xs">{short}</code>
                    <Button class=SHORT_BUTTON_CLASS on_press=again>{p.again}</Button>
                </li>
            }
        })
        .collect_view()
    };
    view! {
        <details class="mb-4" hidden=move || state.history.with(Vec::is_empty)>
            <summary class="cursor-pointer font-medium">{p.history}</summary>
            <p class="mt-2 text-ink-muted">{p.history_note}</p>
            <ul class="mt-2">{rows}</ul>
        </details>
    }
}

#[cfg(feature = "hydrate")]
fn run_call(state: State, (tool, offered): (String, String)) {
    leptos::task::spawn_local(super::client::run(state, tool, offered));
}

#[cfg(feature = "hydrate")]
fn cancel_call(state: State) {
    leptos::task::spawn_local(super::client::cancel(state));
}

/// Sends the person's answer.
#[cfg(feature = "hydrate")]
pub fn answer_question(state: State, answer: Value) {
    leptos::task::spawn_local(super::client::reply(state, answer));
}

#[cfg(not(feature = "hydrate"))]
fn run_call(_: State, _: (String, String)) {}

#[cfg(not(feature = "hydrate"))]
fn cancel_call(_: State) {}

#[cfg(not(feature = "hydrate"))]
pub fn answer_question(_: State, _: Value) {}
