//! What came of a call, each kind of content as what it is.

use leptos::prelude::*;
use serde_json::Value;

use super::state::Outcome;
use crate::{
    i18n::{Playground, group, text},
    ui::{Badge, Callout, CodeBlock, JsonTree, LINK_CLASS, Tone},
};

#[component]
pub fn ShowOutcome(outcome: Outcome, took: u64) -> impl IntoView {
    let (t, p) = (text(), Playground::current());
    let done = p.done_in.replace("{}", &group(took));
    match outcome {
        Outcome::Cancelled => view! { <Callout tone=Tone::Info title=p.cancelled /> }.into_any(),
        Outcome::Failed(words) => {
            view! { <Callout tone=Tone::Bad title=p.failed><p>{words}</p></Callout> }.into_any()
        }
        Outcome::Refused { code, message } => {
            let title = t.with(p.rpc_error, &code.to_string());
            view! { <Callout tone=Tone::Bad title=title><p class="whitespace-pre-wrap">{message}</p></Callout> }.into_any()
        }
        Outcome::Result(result) => {
            let failed = result.get("isError") == Some(&Value::Bool(true));
            let head = if failed {
                view! { <Callout tone=Tone::Warn title=p.tool_error><p>{done}</p></Callout> }
            } else {
                view! { <Callout tone=Tone::Ok title=done /> }
            };
            let items = result.get("content").and_then(Value::as_array).cloned().unwrap_or_default();
            let structured = result.get("structuredContent").cloned();
            let nothing = (items.is_empty() && structured.is_none())
                .then(|| view! { <p class="text-ink-muted">{p.nothing_in_it}</p> });
            let items = items.into_iter().map(content).collect_view();
            view! {
                {head}
                {items}
                {nothing}
                {structured.map(|value| view! {
                    <h3 class="font-medium">{p.structured}</h3>
                    <JsonTree value=value label=p.structured />
                })}
            }
            .into_any()
        }
    }
}

fn content(item: Value) -> AnyView {
    let p = Playground::current();
    let said =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    match said(&item, "type").as_str() {
        "text" => plain(said(&item, "text")),
        kind @ ("image" | "audio") => media(kind, &said(&item, "mimeType"), &said(&item, "data")),
        "resource_link" => {
            let (uri, name) = (said(&item, "uri"), said(&item, "name"));
            view! { <div class="flex gap-2 items-center flex-wrap"><Badge label=name /> {link(uri)}</div> }
                .into_any()
        }
        "resource" => {
            let resource = item.get("resource").cloned().unwrap_or_default();
            let (kind, uri) = (said(&resource, "mimeType"), said(&resource, "uri"));
            let family = kind.split('/').next().unwrap_or_default().to_owned();
            let body = match (said(&resource, "text"), said(&resource, "blob")) {
                (text, _) if !text.is_empty() => plain(text),
                (_, blob) if matches!(family.as_str(), "image" | "audio") => media(&family, &kind, &blob),
                (_, blob) => view! { <p class="text-ink-muted">{format!("{kind} · {} B", group(3 * blob.len() as u64 / 4))}</p> }.into_any(),
            };
            view! { <div class="flex gap-2 items-center flex-wrap"><Badge label=kind /> {link(uri)}</div> {body} }.into_any()
        }
        _ => view! { <JsonTree value=item label=p.other_content /> }.into_any(),
    }
}

/// Text, or what it holds if that is JSON.
fn plain(text: String) -> AnyView {
    let p = Playground::current();
    match serde_json::from_str::<Value>(&text) {
        Ok(value) if value.is_object() || value.is_array() => {
            view! { <JsonTree value=value label=p.result /> }.into_any()
        }
        _ => view! { <CodeBlock code=text label=p.result /> }.into_any(),
    }
}

/// Only of the kind that it says it is: a page must not be shown as a picture.
fn media(family: &str, kind: &str, data: &str) -> AnyView {
    let right = kind.split_once('/').is_some_and(|(of, rest)| {
        of == family && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+.".contains(&b))
    });
    if !right {
        return view! { <Badge label=kind.to_owned() /> }.into_any();
    }
    let source = format!("data:{kind};base64,{data}");
    if family == "image" {
        return view! { <div><img class="max-w-full max-h-[480px] rounded-md border border-line" src=source alt=kind.to_owned() /></div> }
            .into_any();
    }
    view! { <audio controls=true src=source></audio> }.into_any()
}

/// Something to follow only where a browser can.
fn link(uri: String) -> AnyView {
    if uri.starts_with("https://") || uri.starts_with("http://") {
        let href = uri.clone();
        return view! { <a class=LINK_CLASS href=href rel="external noreferrer" target="_blank">{uri}</a> }
            .into_any();
    }
    view! { <code class="break-all">{uri}</code> }.into_any()
}
