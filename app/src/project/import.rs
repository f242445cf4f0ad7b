//! A project's configuration from a file: paste, look at what would change, apply.

use domain::{
    Action,
    plan::{Deed, Plan, Step},
};
use leptos::{ev::Event, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    frame::ProjectSource,
    hole::hole_field,
    import_api::{ImportDraft, ImportProject, Imported, read_project_import},
};
use crate::{
    activity::sentence,
    i18n::{Import, text},
    ui::{
        BUTTON_CLASS, Boundary, Callout, Card, CheckField, EmptyState, Failure, FormError, LinkButton,
        PLAIN_CLASS, PageHead, Submit, TextArea, Tone, ViewerSource, failure_or,
    },
};

const EXAMPLE: &str = "projects:\n  - org: acme\n    slug: payments\n    servers:\n      - name: files\n        transport: streamable_http\n        url: https://files.example.org/mcp\n        headers: { Authorization: { env: FILES_TOKEN } }";

#[component]
pub fn ImportPage() -> impl IntoView {
    let i = Import::current();
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let query = use_query_map();
    let draft = Resource::new(
        move || query.read().get("draft"),
        |token| async move {
            match token {
                Some(token) => read_project_import(token).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text=i.title />
        <PageHead title=i.title lead=i.lead />
        <Boundary load=move || async move {
            let (viewer, page, draft) = (viewer.0.await?, project.page.await?, draft.await?);
            let may = viewer.may(Action::ManageProject, &page.project.resource());
            let own = page.project.path();
            Ok(view! { <ImportView project=own draft=draft.unwrap_or_default() may_settings=may /> }.into_any())
        } />
    }
}

#[component]
fn ImportView(project: String, draft: ImportDraft, may_settings: bool) -> impl IntoView {
    let (t, i) = (text(), Import::current());
    let action = ServerAction::<ImportProject>::new();
    let ImportDraft { form, imported, error } = draft;
    let failure = failure_or(action, error).within("form");
    // What was planned last stays in sight while a file with missing values is refused.
    let shown = Memo::new(move |before: Option<&Option<Imported>>| {
        let answer =
            action.value().with(|value| value.as_ref().and_then(|v| v.as_ref().ok().cloned().flatten()));
        answer.or_else(|| before.cloned().flatten()).or_else(|| imported.clone())
    });
    let back = format!("/projects/{project}/servers");
    view! {
        <ActionForm action=action>
            <div class="flex flex-col gap-4 max-w-[960px]">
                <FormError failure=failure />
                <input type="hidden" name="project" value=project />
                <TextArea
                    failure=failure
                    name="text"
                    label=i.file
                    value=form.text
                    hint=i.file_hint
                    placeholder=EXAMPLE
                    rows=14
                    required=true
                />
                <FileChoice target=failure.id("text") />
                <div class="flex flex-col gap-2">
                    {may_settings.then(|| view! {
                        <CheckField failure=failure name="settings" label=i.settings hint=i.settings_hint checked=form.settings.is_some() />
                    })}
                    <CheckField failure=failure name="remove" label=i.remove hint=i.remove_hint checked=form.remove.is_some() />
                </div>
                <div class="flex gap-2 flex-wrap">
                    <Submit label=i.preview pending=failure.pending class=PLAIN_CLASS name="intent" value="preview" />
                    <LinkButton href=back>{t.cancel}</LinkButton>
                </div>
                <div class="flex flex-col gap-4" aria-live="polite">
                    {move || shown.get().map(|shown| outcome(shown, failure))}
                </div>
                <div class="empty:hidden">
                    {move || shown.with(|shown| shown.as_ref().is_some_and(|shown| !shown.done && !shown.plan.is_empty())).then(|| {
                        view! { <Submit label=i.apply pending=failure.pending class=BUTTON_CLASS name="intent" value="apply" /> }
                    })}
                </div>
            </div>
        </ActionForm>
    }
}

/// Fills the field from a file on this machine; only where WASM runs, because a form without it has the
/// text field.
#[component]
fn FileChoice(target: String) -> impl IntoView {
    let i = Import::current();
    let hydrated = RwSignal::new(false);
    Effect::new(move |_| hydrated.set(true));
    let read = move |event: Event| read_file(&event, target.clone());
    view! {
        <label class="flex flex-col gap-1 min-w-0" hidden=move || !hydrated.get()>
            <span class="font-medium">{i.choose_file}</span>
            <input class="text-xs max-w-full" type="file" accept=".yaml,.yml,.json,application/json" on:change=read />
        </label>
    }
}

/// By name, because this is the only place of the console that reads a file.
fn read_file(event: &Event, target: String) {
    use js_sys::{Function, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    let input = event_target::<JsValue>(event);
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let file = get(&get(&input, "files"), "0");
    let Ok(read) = get(&file, "text").dyn_into::<Function>() else { return };
    let Some(text) = read.call0(&file).ok().and_then(|text| text.dyn_into::<Promise>().ok()) else { return };
    leptos::task::spawn_local(async move {
        let Ok(text) = wasm_bindgen_futures::JsFuture::from(text).await else { return };
        if let Some(field) = document().get_element_by_id(&target) {
            let _ = Reflect::set(&field, &"value".into(), &text);
        }
    });
}

/// The plan, or that it was carried out.
fn outcome(imported: Imported, failure: Failure) -> AnyView {
    let (t, i) = (text(), Import::current());
    let Imported { plan, done } = imported;
    if done {
        return view! { <Callout tone=Tone::Ok title=i.applied>{steps(&plan)}</Callout> }.into_any();
    }
    let notes = (!plan.notes.is_empty()).then(|| {
        let notes = plan.notes.iter().map(|note| view! { <li class="break-words">{note.clone()}</li> }).collect_view();
        view! { <Card title=i.notes><ul class="text-ink-muted text-xs flex flex-col gap-1">{notes}</ul></Card> }
    });
    let body = if plan.is_empty() {
        view! { <EmptyState title=i.nothing body=i.nothing_body /> }.into_any()
    } else {
        let stays = plan.count(Deed::Keep);
        let stays = (stays > 0)
            .then(|| view! { <p class="text-xs text-ink-muted">{t.with(i.stays, &stays.to_string())}</p> });
        view! { <section aria-label=i.preview class="flex flex-col gap-3">{steps(&plan)} {stays}</section> }
            .into_any()
    };
    let holes = (!plan.holes.is_empty()).then(|| {
        let holes = plan.holes.into_iter().map(|hole| hole_field(hole, failure)).collect_view();
        view! { <Card title=i.holes lead=i.holes_lead>{holes}</Card> }
    });
    view! { {body} {holes} {notes} }.into_any()
}

/// Each step with its differences; what stays is only counted.
fn steps(plan: &Plan) -> AnyView {
    let changed = plan.steps.iter().filter(|step| step.deed != Deed::Keep);
    let items = changed.map(step_item).collect_view();
    view! { <ul class="flex flex-col gap-2">{items}</ul> }.into_any()
}

fn step_item(step: &Step) -> AnyView {
    let i = Import::current();
    let locale = i.locale;
    let tone = match step.deed {
        Deed::Add => "text-ok",
        Deed::Change => "text-info",
        Deed::Remove => "text-bad",
        Deed::Keep => "text-ink-muted",
    };
    let lines = step
        .differences
        .iter()
        .map(|difference| {
            let before = difference.before.clone().map(|text| {
                view! { <del class="px-1 rounded-md bg-bad-soft text-ink break-all no-underline" aria-label=i.before>{text}</del> }
            });
            let after = difference.after.clone().map(|text| {
                view! { <ins class="px-1 rounded-md bg-ok-soft text-ink break-all no-underline" aria-label=i.after>{text}</ins> }
            });
            let arrow = (before.is_some() || step.deed == Deed::Change).then_some(" → ");
            view! {
                <li class="md:grid md:grid-cols-[180px_1fr] gap-x-3">
                    <span class="text-ink-muted">{sentence::field(locale, &difference.field)}</span>
                    <span class="font-mono text-xs min-w-0">{before} {arrow} {after}</span>
                </li>
            }
        })
        .collect_view();
    let lines =
        (!step.differences.is_empty()).then(|| view! { <ul class="mt-2 flex flex-col gap-1">{lines}</ul> });
    view! {
        <li class="p-3 border border-line rounded-md bg-surface-raised min-w-0">
            <p class="flex items-center gap-2 flex-wrap">
                <span class=format!("font-medium {tone}")>{i.deed(step.deed)}</span>
                <span class="text-ink-muted">{i.thing(step.thing)}</span>
                <span class="font-mono break-all">{step.name.clone()}</span>
            </p>
            {lines}
        </li>
    }
    .into_any()
}
