//! Calls of modern clients that wait for their client's next try.
//!
//! A legacy server asks its client something in the course of a call and waits. A modern client
//! cannot be asked; its call is answered with `input_required` instead, and it calls again with the
//! answers (SEP-2322). In between the call goes on upstream and waits here. What the client takes
//! along is sealed, opens for the same key, server and call only, and is good once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use domain::{Code, KeyId, ServerId};
use serde_json::{Value, value::RawValue};
use tokio::time::sleep;
use wire::{Message, RequestId, edit, envelope, method};

use super::Bridge;
use crate::{
    call::Call,
    error::Failure,
    gateway::Plane,
    lock::lock,
    mux::{Answer, Waiter},
    seal::Sealer,
    session,
    upstream::Connection,
};

/// Calls that may wait in one data plane; each holds what its server keeps for it as well.
const WAITING: usize = 10_000;
/// Those of one key: nobody's unanswered questions take the place of another's.
const WAITING_OF_KEY: usize = 250;
/// How long further questions are waited for, so that a client answers all of them in one round.
const TOGETHER: Duration = Duration::from_millis(20);

/// A call that goes on upstream while its client looks for the answers.
pub(crate) struct Parked {
    connection: Weak<Connection>,
    /// Our id of the call on the connection.
    ours: u64,
    subject: Subject,
    inner: Mutex<Inner>,
}

/// What the next try must repeat.
#[derive(PartialEq)]
struct Subject {
    key: KeyId,
    server: ServerId,
    method: String,
    /// The name or address, and the arguments as values: a client may write them anew.
    target: Option<String>,
    arguments: Option<Value>,
}

#[derive(Default)]
struct Inner {
    questions: Vec<Question>,
    /// Questions so far, for their names.
    count: u32,
    /// What the client takes along at the moment.
    handle: Option<String>,
    /// The upstream's answer, when it came while nobody was there to take it.
    answer: Option<Answer>,
    /// The next try, when it came between the upstream's answer and its delivery.
    call: Option<Box<Call>>,
}

struct Question {
    name: String,
    id: RequestId,
    method: String,
    params: Option<Box<RawValue>>,
}

/// All calls that wait for a next try, by what their clients take along.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<HashMap<String, Arc<Parked>>>);

impl Waiting {
    fn of_key(&self, key: KeyId) -> usize {
        lock(&self.0).values().filter(|parked| parked.subject.key == key).count()
    }
}

impl Subject {
    fn of(call: &Call, params: Option<&RawValue>) -> Self {
        let target = params.and_then(|params| {
            wire::modern::name_member(&call.method).and_then(|member| edit::text(params, member))
        });
        let arguments = params.and_then(|params| edit::member(params, "arguments"));
        Self {
            key: call.session.key.id,
            server: call.session.server,
            method: call.method.clone(),
            target,
            arguments: arguments.and_then(|arguments| serde_json::from_str(arguments.get()).ok()),
        }
    }
}

impl Parked {
    pub(crate) fn key(&self) -> KeyId {
        self.subject.key
    }

    /// A question of the upstream. Its client learns of it with the next try.
    pub(crate) fn ask(&self, id: RequestId, method: &str, params: Option<Box<RawValue>>) {
        let mut inner = lock(&self.inner);
        inner.count += 1;
        let name = format!("q{}", inner.count);
        inner.questions.push(Question { name, id, method: method.to_owned(), params });
    }

    /// The upstream's answer, for whoever comes next.
    pub(crate) fn answer(&self, plane: &Plane, answer: Answer) {
        let mut inner = lock(&self.inner);
        match inner.call.take() {
            Some(call) => call.answer(plane, answer),
            None => inner.answer = Some(answer),
        }
    }

    /// Nobody came back for it in time.
    pub(crate) fn expire(&self, plane: &Plane) {
        if let Some(handle) = lock(&self.inner).handle.take() {
            lock(&plane.waiting.0).remove(&handle);
        }
    }
}

/// Takes a question that a legacy server put in the course of a modern client's call: the call is
/// answered with it, and goes on upstream. False when the call is over or cannot be answered so.
pub(crate) fn park(
    connection: &Arc<Connection>,
    ours: u64,
    id: RequestId,
    method: &str,
    params: Option<Box<RawValue>>,
) -> bool {
    let plane = &connection.plane;
    if lock(&plane.waiting.0).len() >= WAITING {
        return false;
    }
    let limit = connection.server.timeouts.total;
    let make = |call: &Call| {
        let has_room = plane.waiting.of_key(call.session.key.id) < WAITING_OF_KEY;
        (has_room && method::may_need_input(&call.method)).then(|| {
            Arc::new(Parked {
                connection: Arc::downgrade(connection),
                ours,
                subject: Subject::of(call, call.params.as_deref()),
                inner: Mutex::default(),
            })
        })
    };
    let Some((call, parked)) = connection.mux.park(ours, limit, make) else { return false };
    parked.ask(id, method, params);
    let plane = plane.clone();
    plane.tasks.clone().spawn(async move {
        sleep(TOGETHER).await;
        put(&plane, &parked, *call);
    });
    true
}

/// Answers a call with the questions that are open, and keeps what waits for the answers.
fn put(plane: &Plane, parked: &Arc<Parked>, call: Call) {
    let Some(handle) = session::random_id().ok() else {
        return call.answer(plane, Answer::Failed(Failure::new(Code::Internal)));
    };
    let mut inner = lock(&parked.inner);
    let mut requests = String::from("{");
    for question in &inner.questions {
        if requests.len() > 1 {
            requests.push(',');
        }
        let params = question.params.as_deref().map_or("{}", RawValue::get);
        requests.push_str(&format!(
            r#""{}":{{"method":{},"params":{params}}}"#,
            question.name,
            Value::from(question.method.as_str())
        ));
    }
    requests.push('}');
    let state = plane.sealer.as_ref().and_then(|s| s.seal_text(&handle)).unwrap_or_else(|| handle.clone());
    inner.handle = Some(handle.clone());
    drop(inner);
    lock(&plane.waiting.0).insert(handle, parked.clone());
    let result =
        format!(r#"{{"resultType":"input_required","inputRequests":{requests},"requestState":"{state}"}}"#);
    call.answer_as(plane, Answer::Upstream(Ok(envelope::raw(result))), &Bridge::None);
}

/// A modern client's next try. The call comes back when it is not one.
pub(crate) fn resume(plane: &Arc<Plane>, call: Call) -> Option<Call> {
    let params = call.params.clone();
    let Some(state) = params.as_deref().and_then(|params| edit::text(params, "requestState")) else {
        return Some(call);
    };
    let handle = match &plane.sealer {
        Some(sealer) => Sealer::open_text(sealer, &state),
        None => Some(state),
    };
    let parked = handle.and_then(|handle| {
        let mut waiting = lock(&plane.waiting.0);
        let subject = Subject::of(&call, params.as_deref());
        waiting.get(&handle).filter(|parked| parked.subject == subject)?;
        waiting.remove(&handle)
    });
    let Some(parked) = parked else {
        let text = "`requestState` is not known for this call, or no longer: call again without it.";
        let error = envelope::error_object(wire::code::INVALID_PARAMS, text, None);
        call.answer(plane, Answer::Upstream(Err(error)));
        return None;
    };
    let responses = params.as_deref().and_then(|params| edit::member(params, "inputResponses"));
    let connection = parked.connection.upgrade();
    let mut inner = lock(&parked.inner);
    inner.handle = None;
    let questions = std::mem::take(&mut inner.questions);
    for question in questions {
        let response = responses.and_then(|responses| edit::member(responses, &question.name));
        match (&connection, response) {
            (Some(connection), Some(result)) => {
                let outcome = Ok(edit::without(result, &["resultType"]));
                connection.send(Message::Response { id: question.id, outcome }.to_json());
            }
            // Asked again, as the revision advises.
            (Some(_), None) => inner.questions.push(question),
            (None, _) => {}
        }
    }
    if let Some(answer) = inner.answer.take() {
        drop(inner);
        call.answer(plane, answer);
        return None;
    }
    if !inner.questions.is_empty() {
        drop(inner);
        put(plane, &parked, call);
        return None;
    }
    let Some(connection) = connection else {
        drop(inner);
        call.answer(plane, Answer::Failed(Failure::new(Code::ConnectionLost)));
        return None;
    };
    let (session, id) = (call.session.clone(), call.id.clone());
    let timeouts = connection.server.timeouts;
    let back = connection.mux.unpark(parked.ours, Waiter::Client(Box::new(call)), timeouts);
    match back {
        Ok(()) => {
            drop(inner);
            session.place(&id, &connection, parked.ours);
        }
        // The answer is on its way into `Parked::answer`, which waits for the lock.
        Err(Waiter::Client(call)) => inner.call = Some(call),
        Err(_) => {}
    }
    None
}
