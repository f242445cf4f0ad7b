//! The call's arguments, its run, and what came of it.

use leptos::{ev, prelude::*};
use serde_json::Value;

use super::{
    control::controls,
    deed::Deed,
    history,
    question::Ask,
    result::ShowOutcome,
    schema::fields,
    snippet::Snippet,
    state::{Link, State},
    values::initial,
};
use crate::{
    i18n::{Offers, Playground, group},
    ui::{BUTTON_CLASS, Badge, Button, Card, CodeArea, CodeBlock, CopyButton, SHORT_BUTTON_CLASS},
};

#[component]
pub fn Panel(project: String, url: String, deed: Deed, schema: Value) -> impl IntoView {
    let (p, words) = (Playground::current(), Offers::current());
    let (title, nothing, go) = match &deed {
        Deed::Tool { .. } => (p.arguments, p.no_arguments, p.run),
        Deed::Prompt(_) => (p.arguments, words.nothing_to_fill, words.get),
        Deed::Resource(_) | Deed::Template(_) => (words.fill, words.nothing_to_fill, words.read),
    };
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
    let code = match &deed {
        Deed::Tool { offered, .. } => Some(offered.clone()),
        _ => None,
    };
    let deed = StoredValue::new(deed);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !bad.get_untracked() && !state.running.get_untracked() {
            run_call(state, deed.get_value());
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
            return view! { <p class="text-ink-muted">{nothing}</p> }.into_any();
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
            <Card title=title>
                {(!form_there).then(|| view! { <p class="text-ink-muted">{p.raw_only}</p> })}
                <form class="flex flex-col gap-4" on:submit=submit>
                    {editor}
                    <p class="text-bad text-xs" hidden=move || !bad.get()>{p.raw_bad}</p>
                    <div class="flex gap-2 flex-wrap">
                        <button class=BUTTON_CLASS type="submit" disabled=move || state.running.get() || bad.get()>
                            {move || if state.running.get() { p.running } else { go }}
                        </button>
                        <div class="contents" hidden=move || !state.running.get()>
                            <Button on_press=move || cancel_call(state)>{p.cancel}</Button>
                        </div>
                        {(form_there && !empty).then(|| view! {
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
                {code.map(|tool| view! { <Code state=state url=url tool=tool /> })}
                <History state=state deed=deed />
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
fn History(state: State, deed: StoredValue<Deed>) -> impl IntoView {
    let p = Playground::current();
    let rows = move || {
        let tool = deed.with_value(Deed::name);
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
fn run_call(state: State, deed: Deed) {
    leptos::task::spawn_local(super::client::run(state, deed));
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
fn run_call(_: State, _: Deed) {}

#[cfg(not(feature = "hydrate"))]
fn cancel_call(_: State) {}

#[cfg(not(feature = "hydrate"))]
pub fn answer_question(_: State, _: Value) {}
