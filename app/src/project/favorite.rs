//! The star that keeps a project at hand.

use leptos::prelude::*;

use super::api::SetFavorite;
use crate::{
    i18n::{Shell, text},
    ui::{Failure, Icon, Shape, failure},
};

/// Changes of favorites anywhere in the console; what lists them reads again as `version` grows.
#[derive(Clone, Copy)]
pub struct Favorites {
    action: ServerAction<SetFavorite>,
}

impl Favorites {
    /// For the frame, once.
    #[must_use]
    pub fn new() -> Self {
        Self { action: ServerAction::new() }
    }

    #[must_use]
    pub fn current() -> Self {
        expect_context()
    }

    #[must_use]
    pub fn version(self) -> usize {
        self.action.version().get()
    }

    #[must_use]
    pub fn failure(self) -> Failure {
        failure(self.action)
    }
}

impl Default for Favorites {
    fn default() -> Self {
        Self::new()
    }
}

/// A form of one button. With WASM the star changes as it is pressed, and back should that fail.
#[component]
pub fn Star(
    /// `org.project`.
    project: String,
    #[prop(into)] name: String,
    on: bool,
) -> impl IntoView {
    let t = Shell::current();
    let action = Favorites::current().action;
    let (shown, show) = signal(on);
    let (mine, sent) = (project.clone(), project.clone());
    let busy = move || {
        let is_mine = |input: &Option<SetFavorite>| input.as_ref().is_some_and(|input| input.project == sent);
        action.input().with(is_mine).then_some("true")
    };
    Effect::new(move |sent: Option<bool>| {
        let input = action
            .input()
            .with(|input| input.as_ref().filter(|input| input.project == mine).map(|input| input.favorite));
        if let Some(wanted) = input {
            show.set(wanted);
            return true;
        }
        let failed = sent == Some(true) && action.value().with(|value| matches!(value, Some(Err(_))));
        if failed {
            show.update(|shown| *shown = !*shown);
        }
        false
    });
    let label = move || text().with(if shown.get() { t.remove_favorite } else { t.add_favorite }, &name);
    let class = move || {
        if shown.get() {
            "inline-flex items-center justify-center w-7 h-7 rounded-md cursor-pointer text-warn hover:bg-surface-sunken"
        } else {
            "inline-flex items-center justify-center w-7 h-7 rounded-md cursor-pointer text-ink-faint hover:text-ink hover:bg-surface-sunken"
        }
    };
    view! {
        <ActionForm action=action>
            <input type="hidden" name="project" value=project />
            <input type="hidden" name="favorite" value=move || if shown.get() { "false" } else { "true" } />
            <button
                type="submit"
                class=class
                aria-busy=busy
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                aria-label=label.clone()
                title=label
            >
                {move || view! { <Icon shape=if shown.get() { Shape::Starred } else { Shape::Star } /> }}
            </button>
        </ActionForm>
    }
}
