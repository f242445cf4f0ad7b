//! The client itself: streamable HTTP of 2025-11-25 over the browser's own requests.

use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Headers, ReadableStreamDefaultReader, RequestInit, Response};

use super::{
    api::create_playground_key,
    deed::Deed,
    events::Events,
    history,
    message::{self, Incoming},
    state::{Outcome, Past, Progress, Question, State, Wire},
};
use crate::{context::Preferences, i18n::Playground};

thread_local! {
    /// Of the call under way: browsers have one thread for pages.
    static ABORT: std::cell::RefCell<Option<AbortController>> = const { std::cell::RefCell::new(None) };
}

/// Why no message came.
enum Trouble {
    /// The key has expired or was revoked.
    Key,
    /// The server knows the session no more.
    Session,
    Words(String),
}

/// Does what is asked and shows all that happens.
pub(super) async fn run(state: State, deed: Deed) {
    let began = now();
    let arguments = state.draft.value.get_untracked();
    state.running.set(true);
    state.outcome.set(None);
    state.progress.set(None);
    state.wire.set(Vec::new());
    let mut outcome = call(state, &deed, &arguments, began).await;
    // A key or a session of an earlier call may have ended meanwhile; nothing was processed then.
    for _ in 0..2 {
        match outcome {
            Err(Trouble::Key) => forget(state, true),
            Err(Trouble::Session) => forget(state, false),
            _ => break,
        }
        outcome = call(state, &deed, &arguments, began).await;
    }
    let p = Playground::of(Preferences::current().locale);
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(Trouble::Words(words)) => Outcome::Failed(words),
        Err(Trouble::Key) => Outcome::Failed(p.status.replace("{}", "401")),
        Err(Trouble::Session) => Outcome::Failed(p.status.replace("{}", "404")),
    };
    let took = since(began);
    let past = Past { tool: deed.name(), arguments, good: outcome.is_good(), took };
    let place = state.link.with_value(|link| link.url.clone());
    let _ = state.history.try_update(|all| history::add(&place, all, past));
    ABORT.with_borrow_mut(|abort| *abort = None);
    state.link.update_value(|link| link.current = None);
    state.question.try_set(None);
    state.outcome.try_set(Some((outcome, took)));
    state.running.try_set(false);
}

/// Gives the call up: the server is told, and nothing more is read.
pub(super) async fn cancel(state: State) {
    if let Some(id) = state.link.with_value(|link| link.current) {
        let notice = message::cancelled(id);
        let sent = send(state, &notice, now(), None).await;
        drop(sent);
    }
    ABORT.with_borrow(|abort| abort.as_ref().map(AbortController::abort));
}

/// Answers a question of the server.
pub(super) async fn reply(state: State, answer: Value) {
    state.question.set(None);
    if let Err(Trouble::Words(words)) = send(state, &answer, now(), None).await {
        state.outcome.set(Some((Outcome::Failed(words), 0)));
    }
}

fn forget(state: State, key: bool) {
    state.link.update_value(|link| {
        link.session = None;
        if key {
            link.key = None;
        }
    });
}

async fn call(state: State, deed: &Deed, arguments: &Value, began: f64) -> Result<Outcome, Trouble> {
    open(state, began).await?;
    let id = next(state);
    state.link.update_value(|link| link.current = Some(id));
    let abort = AbortController::new().map_err(words)?;
    let signal = abort.signal();
    ABORT.with_borrow_mut(|kept| *kept = Some(abort));
    let request = deed.request(id, arguments);
    let outcome = exchange(state, &request, id, began, Some(&signal)).await;
    if signal.aborted() { Ok(Outcome::Cancelled) } else { outcome }
}

/// A key and a session, unless there are.
async fn open(state: State, began: f64) -> Result<(), Trouble> {
    if state.link.with_value(|link| link.key.is_none()) {
        let project = state.link.with_value(|link| link.project.clone());
        let made = create_playground_key(project).await;
        let made = made
            .map_err(|error| Trouble::Words(format!("{} {}", error.words.sentence, error.words.next_step)))?;
        state.link.update_value(|link| link.key = Some(made.secret.expose_secret().to_owned()));
    }
    if state.link.with_value(|link| link.session.is_some()) {
        return Ok(());
    }
    let id = next(state);
    match exchange(state, &message::initialize(id), id, began, None).await? {
        Outcome::Result(_) => {}
        Outcome::Refused { message, .. } | Outcome::Failed(message) => return Err(Trouble::Words(message)),
        Outcome::Cancelled => {}
    }
    send(state, &message::initialized(), began, None).await.map(drop)
}

/// Sends a request and follows the answer to its end.
async fn exchange(
    state: State,
    request: &Value,
    id: u64,
    began: f64,
    signal: Option<&AbortSignal>,
) -> Result<Outcome, Trouble> {
    let response = send(state, request, began, signal).await?;
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if !kind.starts_with("text/event-stream") {
        let text = text(&response).await?;
        return Ok(take(state, &text, id, began).await.unwrap_or_else(ended));
    }
    let Some(body) = response.body() else { return Ok(ended()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut events = Events::default();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(words)?;
        let over = js_sys::Reflect::get(&piece, &"done".into()).is_ok_and(|done| done.is_truthy());
        if over {
            return Ok(ended());
        }
        let value = js_sys::Reflect::get(&piece, &"value".into()).map_err(words)?;
        for data in events.push(&js_sys::Uint8Array::new(&value).to_vec()) {
            if let Some(outcome) = take(state, &data, id, began).await {
                drop(JsFuture::from(reader.cancel()).await);
                return Ok(outcome);
            }
        }
    }
}

fn ended() -> Outcome {
    Outcome::Failed(Playground::of(Preferences::current().locale).no_answer.to_owned())
}

/// One message; the outcome, if it is that.
async fn take(state: State, text: &str, id: u64, began: f64) -> Option<Outcome> {
    note(state, false, text, began);
    let message: Value = serde_json::from_str(text).ok()?;
    match message::read(&message, id) {
        Incoming::Result(result) => return Some(Outcome::Result(result)),
        Incoming::Error { code, message } => return Some(Outcome::Refused { code, message }),
        Incoming::Progress { done, total, message } => {
            state.progress.try_set(Some(Progress { done, total, message }));
        }
        Incoming::Question { id, method, params } => match method.as_str() {
            "elicitation/create" | "sampling/createMessage" => {
                state.question.try_set(Some(Question { id, method, params }));
            }
            "ping" => drop(send(state, &message::answer(&id, json!({})), began, None).await),
            _ => drop(send(state, &message::refusal(&id, -32601, "Method not found"), began, None).await),
        },
        Incoming::Other => {}
    }
    None
}

/// Posts one message; failures become words.
async fn send(
    state: State,
    message: &Value,
    began: f64,
    signal: Option<&AbortSignal>,
) -> Result<Response, Trouble> {
    let text = message.to_string();
    note(state, true, &text, began);
    let link = state.link.get_value();
    let headers = Headers::new().map_err(words)?;
    let set = |name: &str, value: &str| headers.set(name, value).map_err(words);
    set("content-type", "application/json")?;
    set("accept", "application/json, text/event-stream")?;
    set("authorization", &format!("Bearer {}", link.key.unwrap_or_default()))?;
    if let Some(session) = &link.session {
        set("mcp-session-id", session)?;
        set("mcp-protocol-version", message::PROTOCOL)?;
    }
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&JsValue::from_str(&text));
    init.set_signal(signal);
    let p = Playground::of(Preferences::current().locale);
    let fetched = JsFuture::from(window().fetch_with_str_and_init(&link.url, &init)).await;
    let response: Response = fetched.map_err(|_| Trouble::Words(p.no_network.to_owned()))?.unchecked_into();
    match response.status() {
        200..=299 => {}
        401 => return Err(Trouble::Key),
        404 if link.session.is_some() => return Err(Trouble::Session),
        status => return Err(Trouble::Words(refusal(&response, status).await)),
    }
    if let Ok(Some(session)) = response.headers().get("mcp-session-id") {
        state.link.update_value(|link| link.session = Some(session));
    }
    Ok(response)
}

/// What the body of a failure says: JSON-RPC, or a problem.
async fn refusal(response: &Response, status: u16) -> String {
    let p = Playground::of(Preferences::current().locale);
    let body: Option<Value> = text(response).await.ok().and_then(|text| serde_json::from_str(&text).ok());
    let said = body.and_then(|body| {
        let told =
            ["/error/message", "/detail", "/title"].iter().find_map(|place| body.pointer(place)?.as_str());
        told.map(str::to_owned)
    });
    said.unwrap_or_else(|| p.status.replace("{}", &status.to_string()))
}

async fn text(response: &Response) -> Result<String, Trouble> {
    let text = JsFuture::from(response.text().map_err(words)?).await.map_err(words)?;
    Ok(text.as_string().unwrap_or_default())
}

fn words(_: JsValue) -> Trouble {
    Trouble::Words(Playground::of(Preferences::current().locale).no_answer.to_owned())
}

fn next(state: State) -> u64 {
    state
        .link
        .try_update_value(|link| {
            link.last_id += 1;
            link.last_id
        })
        .unwrap_or(1)
}

fn note(state: State, sent: bool, text: &str, began: f64) {
    let entry = Wire { sent, at: since(began), text: text.to_owned() };
    let _ = state.wire.try_update(|all| all.push(entry));
}

fn now() -> f64 {
    js_sys::Date::now()
}

fn since(began: f64) -> u64 {
    (now() - began).max(0.0) as u64
}
