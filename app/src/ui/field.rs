//! Fields of forms: label, control, hint and what is wrong with it, tied together for screen readers.

use leptos::{
    html::Form,
    prelude::*,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use leptos_router::hooks::use_query_map;

use super::escape;
use crate::error::{AppError, Fault as FieldFault};

pub const CONTROL_CLASS: &str = "w-full h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink placeholder:text-ink-faint";
const AREA_CLASS: &str = "w-full px-2 py-1.5 rounded-md border border-line-strong bg-surface-raised text-ink font-mono text-xs placeholder:text-ink-faint";
const PROSE_CLASS: &str = "w-full px-2 py-1.5 rounded-md border border-line-strong bg-surface-raised text-ink placeholder:text-ink-faint";

/// How the last sending of a form went. Without WASM the failure comes back in the page's address,
/// so both halves of the console read it there.
#[derive(Clone, Copy)]
pub struct Failure {
    pub error: Memo<Option<AppError>>,
    pub pending: Signal<bool>,
    /// Tells equally named fields of several forms apart.
    form: &'static str,
    /// The structure around the fields: `form` for `form[name]`.
    within: Option<&'static str>,
    typed: StoredValue<Vec<(String, String)>>,
}

pub fn failure<S>(action: ServerAction<S>) -> Failure
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    failure_or(action, None)
}

/// The same for a page that was given the failure of its last sending as `told`.
pub fn failure_or<S>(action: ServerAction<S>, told: Option<AppError>) -> Failure
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let query = use_query_map().get_untracked();
    let here = query.get("__path").is_some_and(|path| path == S::PATH);
    let told = told.or_else(|| {
        query.get("__err").filter(|_| here).map(|text| ServerFnUrlError::<AppError>::decode_err(&text))
    });
    let typed = StoredValue::new(told.as_ref().map(|error| error.typed.clone()).unwrap_or_default());
    let value = action.value();
    Failure {
        error: Memo::new(move |_| {
            value.with(|value| match value {
                Some(Err(error)) => Some(error.clone()),
                Some(Ok(_)) => None,
                None => told.clone(),
            })
        }),
        pending: action.pending().into(),
        form: S::PATH,
        within: None,
        typed,
    }
}

/// Empties a form that stays on its page once what it sent was done. Give the reference to the form.
pub fn emptied<S>(action: ServerAction<S>) -> NodeRef<Form>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let form = NodeRef::<Form>::new();
    let value = action.value();
    Effect::new(move |_| {
        if value.with(|value| matches!(value, Some(Ok(_))))
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
    });
    form
}

impl Failure {
    /// One that no form brought about, to show what it looks like.
    #[cfg(debug_assertions)]
    pub fn still(form: &'static str, error: Option<AppError>) -> Self {
        Self {
            error: Memo::new(move |_| error.clone()),
            pending: Signal::stored(false),
            form,
            within: None,
            typed: StoredValue::new(Vec::new()),
        }
    }

    /// The same for a form whose fields are members of one structure.
    #[must_use]
    pub fn within(self, name: &'static str) -> Self {
        Self { within: Some(name), ..self }
    }

    /// The control's name in the form.
    #[must_use]
    pub fn name(&self, field: &str) -> String {
        // `env[0].name` of an error is `form[env][0][name]` of the form.
        let plain = field.replace('.', "[").replace("]]", "]");
        match self.within {
            None => plain,
            Some(within) => {
                let mut name = within.to_owned();
                for part in field.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
                    name.push_str(&format!("[{part}]"));
                }
                name
            }
        }
    }

    #[must_use]
    pub fn id(&self, field: &str) -> String {
        id_of(self.form, field)
    }

    /// What was typed before the page was loaded anew, else `value`.
    #[must_use]
    pub fn value(&self, field: &str, value: String) -> String {
        self.typed
            .with_value(|typed| typed.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone()))
            .unwrap_or(value)
    }

    #[must_use]
    pub fn of(self, field: &str) -> Memo<Option<FieldFault>> {
        let field = field.to_owned();
        Memo::new(move |_| self.error.with(|error| error.as_ref()?.field(&field).cloned()))
    }
}

/// The id of a field in the form that sends `S`, for links to it from elsewhere.
#[must_use]
pub fn field_id<S: ServerFn>(field: &str) -> String {
    id_of(S::PATH, field)
}

fn id_of(form: &str, field: &str) -> String {
    let path = format!("{}-{field}", form.trim_start_matches("/_fn/"));
    path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[component]
fn Fault(#[prop(into)] id: String, fault: Memo<Option<FieldFault>>) -> impl IntoView {
    view! {
        <p id=id class="text-bad text-xs empty:hidden">
            {move || fault.get().map(|fault| fault.words)}
        </p>
    }
}

#[component]
fn Frame(
    id: String,
    #[prop(into)] label: String,
    #[prop(into)] hint: String,
    fault: Memo<Option<FieldFault>>,
    #[prop(optional)] unseen: bool,
    #[prop(optional)] of: String,
    children: Children,
) -> impl IntoView {
    let class = if unseen { "sr-only" } else { "font-medium" };
    view! {
        <div class="flex flex-col gap-1 min-w-0">
            <label class=class for=id.clone()>
                {label}
                {whose(of)}
            </label>
            {children()}
            {(!hint.is_empty()).then(|| view! { <p id=format!("{id}-hint") class="text-ink-muted text-xs">{hint}</p> })}
            <Fault id=format!("{id}-fault") fault=fault />
        </div>
    }
}

/// Tells equally labelled fields of several groups apart, for whoever does not see the groups.
fn whose(of: String) -> Option<impl IntoView> {
    (!of.is_empty()).then(|| view! { <span class="sr-only">" " {of}</span> })
}

#[component]
pub fn TextField(
    failure: Failure,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    /// The `<datalist>` of what it offers.
    #[prop(optional, into)]
    list: Option<String>,
    /// Of which of several groups with the same labels it is one.
    #[prop(optional, into)]
    of: String,
) -> impl IntoView {
    let (id, fault) = (failure.id(&name), failure.of(&name));
    let value = if kind == "password" { value } else { failure.value(&name, value) };
    view! {
        <Frame id=id.clone() label=label hint=hint fault=fault of=of>
            <input
                class=CONTROL_CLASS
                id=id.clone()
                type=kind
                name=failure.name(&name)
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                list=list
                required=required
                aria-describedby=format!("{id}-hint {id}-fault")
                aria-invalid=move || fault.get().map(|_| "true")
            />
        </Frame>
    }
}

/// A field of several lines. leptos writes children of `<textarea>` unescaped on the server, so its
/// text is escaped here; the first line break after the tag is no part of the text (HTML §13.1.2.5).
/// A browser that makes the field itself reads no tag, and takes the break for text.
#[component]
pub fn TextArea(
    failure: Failure,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] required: bool,
    /// Words for people, no code.
    #[prop(optional)]
    prose: bool,
    /// Whether something above says the label already.
    #[prop(optional)]
    unseen: bool,
    #[prop(optional, into)] of: String,
) -> impl IntoView {
    let (id, fault) = (failure.id(&name), failure.of(&name));
    let value = failure.value(&name, value);
    view! {
        <Frame id=id.clone() label=label hint=hint fault=fault unseen=unseen of=of>
            <textarea
                class=if prose { PROSE_CLASS } else { AREA_CLASS }
                id=id.clone()
                name=failure.name(&name)
                rows=rows
                placeholder=placeholder
                required=required
                spellcheck=if prose { "true" } else { "false" }
                aria-describedby=format!("{id}-hint {id}-fault")
                aria-invalid=move || fault.get().map(|_| "true")
                inner_html=if cfg!(feature = "ssr") { format!("\n{}", escape(&value)) } else { escape(&value) }
            ></textarea>
        </Frame>
    }
}

/// A choice of few. `options` are values with their labels.
#[component]
pub fn SelectField(
    failure: Failure,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
) -> impl IntoView {
    let (id, fault) = (failure.id(&name), failure.of(&name));
    let value = failure.value(&name, value);
    let options = options
        .into_iter()
        .map(|(option, label)| {
            let selected = option == value;
            view! { <option value=option selected=selected>{label}</option> }
        })
        .collect_view();
    view! {
        <Frame id=id.clone() label=label hint=hint fault=fault>
            <select
                class=CONTROL_CLASS
                id=id.clone()
                name=failure.name(&name)
                aria-describedby=format!("{id}-hint {id}-fault")
            >
                {options}
            </select>
        </Frame>
    }
}

#[component]
pub fn CheckField(
    failure: Failure,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] of: String,
    checked: bool,
) -> impl IntoView {
    let id = failure.id(&name);
    view! {
        <div class="flex gap-2 items-start">
            <input class="mt-0.5 w-4 h-4 accent-accent" id=id.clone() type="checkbox" name=failure.name(&name) checked=checked />
            <div>
                <label class="font-medium" for=id>
                    {label}
                    {whose(of)}
                </label>
                {(!hint.is_empty()).then(|| view! { <p class="text-ink-muted text-xs">{hint}</p> })}
            </div>
        </div>
    }
}

/// JSON that is edited in this page alone, so only there where WASM runs. `text` is what it begins with.
#[component]
pub fn CodeArea(
    id: String,
    #[prop(into)] label: String,
    text: String,
    #[prop(default = 10)] rows: u32,
    on_input: impl Fn(String) + 'static,
) -> impl IntoView {
    view! {
        <textarea
            class=AREA_CLASS
            id=id
            aria-label=label
            rows=rows
            spellcheck="false"
            prop:value=text
            on:input=move |event| on_input(event_target_value(&event))
        ></textarea>
    }
}
