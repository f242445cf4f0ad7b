//! What the page knows of its call.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Arguments under edit. `shape` grows when controls must be made anew: an item came or went.
#[derive(Clone, Copy)]
pub struct Draft {
    pub value: RwSignal<Value>,
    pub shape: RwSignal<u32>,
}

impl Draft {
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { value: RwSignal::new(value), shape: RwSignal::new(0) }
    }

    /// Changes a place without touching the controls, which show it already.
    pub fn type_in(self, path: &[String], new: Option<Value>) {
        self.value.update(|value| super::values::set(value, path, new));
    }

    /// Changes a place whose controls are others from now on.
    pub fn reshape(self, path: &[String], new: Option<Value>) {
        self.type_in(path, new);
        self.shape.update(|n| *n += 1);
    }
}

/// How a call went.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Result(Value),
    Refused { code: i64, message: String },
    Failed(String),
    Cancelled,
}

impl Outcome {
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Outcome::Result(result) if result.get("isError") != Some(&Value::Bool(true)))
    }
}

/// A message as it went over the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    pub sent: bool,
    /// Milliseconds since the call began.
    pub at: u64,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    pub done: f64,
    pub total: Option<f64>,
    pub message: Option<String>,
}

/// A request of the server that waits for the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub id: Value,
    pub method: String,
    pub params: Value,
}

/// A call that was made before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Past {
    pub tool: String,
    pub arguments: Value,
    pub good: bool,
    pub took: u64,
}

#[derive(Clone, Copy)]
pub struct State {
    pub draft: Draft,
    pub running: RwSignal<bool>,
    pub progress: RwSignal<Option<Progress>>,
    pub question: RwSignal<Option<Question>>,
    /// With the milliseconds that it took.
    pub outcome: RwSignal<Option<(Outcome, u64)>>,
    pub wire: RwSignal<Vec<Wire>>,
    pub history: RwSignal<Vec<Past>>,
    pub link: StoredValue<Link>,
}

/// What stays from call to call: nothing of it outlives the page.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// As the console's addresses name it.
    pub project: String,
    /// The server's endpoint.
    pub url: String,
    pub key: Option<String>,
    pub session: Option<String>,
    pub last_id: u64,
    /// The id of the call under way.
    pub current: Option<u64>,
}

impl State {
    #[must_use]
    pub fn new(link: Link, arguments: Value) -> Self {
        Self {
            draft: Draft::new(arguments),
            running: RwSignal::new(false),
            progress: RwSignal::new(None),
            question: RwSignal::new(None),
            outcome: RwSignal::new(None),
            wire: RwSignal::new(Vec::new()),
            history: RwSignal::new(Vec::new()),
            link: StoredValue::new(link),
        }
    }
}
