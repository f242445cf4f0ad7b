//! What came of a call, each kind of content as what it is.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::state::Outcome;
use crate::{
    i18n::{Offers, Playground, group, text},
    ui::{Badge, Callout, CodeBlock, JsonTree, LINK_CLASS, PLAIN_CLASS, Tone},
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
            let list = |name: &str| result.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
            let mut items = list("content");
            // What a resource was read as is shown as a tool's result shows it.
            items.extend(
                list("contents").into_iter().map(|read| json!({ "type": "resource", "resource": read })),
            );
            let messages = list("messages");
            let structured = result.get("structuredContent").cloned();
            let nothing = (items.is_empty() && messages.is_empty() && structured.is_none())
                .then(|| view! { <p class="text-ink-muted">{p.nothing_in_it}</p> });
            let items = items.into_iter().map(content).collect_view();
            view! {
                {head}
                {items}
                {messages.into_iter().map(message).collect_view()}
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

/// One message of a prompt: who says it, and what.
fn message(item: Value) -> AnyView {
    let words = Offers::current();
    let role = match item.get("role").and_then(Value::as_str) {
        Some("user") => words.user.to_owned(),
        Some("assistant") => words.assistant.to_owned(),
        other => other.unwrap_or_default().to_owned(),
    };
    let parts = match item.get("content").cloned().unwrap_or_default() {
        Value::Array(parts) => parts,
        part => vec![part],
    };
    view! {
        <div class="flex flex-col gap-2">
            <div><Badge label=role /></div>
            {parts.into_iter().map(content).collect_view()}
        </div>
    }
    .into_any()
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
                (_, blob) if !blob.is_empty() => file(&uri, &kind, &blob),
                _ => ().into_any(),
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

/// Bytes to keep: nothing of them is opened here.
fn file(uri: &str, kind: &str, blob: &str) -> AnyView {
    let words = Offers::current();
    let name = uri.rsplit('/').find(|part| !part.is_empty()).unwrap_or("resource").to_owned();
    let href = format!("data:application/octet-stream;base64,{blob}");
    let size = words.size(3 * blob.len() as u64 / 4);
    view! {
        <p class="flex items-center gap-3 flex-wrap text-ink-muted">
            <a class=PLAIN_CLASS href=href download=name.clone()>{text().with(words.save, &name)}</a>
            {format!("{kind} · {size}")}
        </p>
    }
    .into_any()
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
