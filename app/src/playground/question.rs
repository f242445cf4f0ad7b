//! What the server asks in the middle of a call, and the person's answer.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    control::controls,
    message,
    panel::answer_question,
    schema::fields,
    state::{Draft, Question, State},
    values::initial,
};
use crate::{
    i18n::Playground,
    ui::{BUTTON_CLASS, Button, Card, CodeArea, JsonTree},
};

#[component]
pub fn Ask(state: State, question: Question) -> impl IntoView {
    let p = Playground::current();
    if question.method == "sampling/createMessage" {
        return sampling(state, question).into_any();
    }
    let text = question.params.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
    let schema = question.params.get("requestedSchema").cloned().unwrap_or_default();
    let asked = fields(&schema).unwrap_or_default();
    let draft = Draft::new(initial(&asked));
    let id = StoredValue::new(question.id);
    let send = move |result: Value| answer_question(state, message::answer(&id.get_value(), result));
    let accept = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(json!({ "action": "accept", "content": draft.value.get_untracked() }));
    };
    let path = vec![];
    view! {
        <div role="region" aria-label=p.asks>
        <Card title=p.asks>
            <p class="whitespace-pre-wrap break-words">{text}</p>
            <form class="flex flex-col gap-3 max-w-[560px]" on:submit=accept>
                {controls(draft, &asked, &path)}
                <div class="flex gap-2 flex-wrap">
                    <button class=BUTTON_CLASS type="submit">{p.answer}</button>
                    <Button on_press=move || send(json!({ "action": "decline" }))>{p.decline}</Button>
                    <Button on_press=move || send(json!({ "action": "cancel" }))>{p.cancel}</Button>
                </div>
            </form>
        </Card>
        </div>
    }
    .into_any()
}

fn sampling(state: State, question: Question) -> impl IntoView {
    let p = Playground::current();
    let id = StoredValue::new(question.id);
    let text = RwSignal::new(String::new());
    let accept = move || {
        let content = json!({ "type": "text", "text": text.get_untracked() });
        let result =
            json!({ "role": "assistant", "content": content, "model": "person", "stopReason": "endTurn" });
        answer_question(state, message::answer(&id.get_value(), result));
    };
    let decline = move || {
        answer_question(state, message::refusal(&id.get_value(), -1, "User rejected sampling request"));
    };
    view! {
        <Card title=p.asks lead=p.sampling>
            <JsonTree value=question.params label=p.asks />
            <CodeArea id="sampling-answer".to_owned() label=p.sampling_answer text=String::new() rows=4 on_input=move |typed| text.set(typed) />
            <div class="flex gap-2 flex-wrap">
                <Button class=BUTTON_CLASS on_press=accept>{p.answer}</Button>
                <Button on_press=decline>{p.decline}</Button>
            </div>
        </Card>
    }
}
