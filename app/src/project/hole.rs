//! A secret that a file or a template names and does not hold.

use domain::plan::{Hole, HoleState};
use leptos::prelude::*;

use crate::{
    i18n::{Import, text},
    ui::{Badge, CONTROL_CLASS, Failure},
};

/// The field for its value.
pub fn hole_field(hole: Hole, failure: Failure) -> AnyView {
    let (t, i) = (text(), Import::current());
    let name = format!("values[{}]", hole.name);
    let (id, fault) = (failure.id(&name), failure.of(&name));
    let needed = hole.state == HoleState::Needed;
    view! {
        <div class="flex flex-col gap-1 min-w-0">
            <label class="font-medium" for=id.clone()>
                <code class="break-all">{hole.name.clone()}</code>
                " "
                <Badge label=i.hole(hole.state) />
            </label>
            <input
                class=CONTROL_CLASS
                id=id
                type="password"
                name=failure.name(&name)
                autocomplete="new-password"
                aria-invalid=move || fault.get().map(|_| "true")
            />
            <p class="text-ink-muted text-xs break-words">{t.with(i.for_places, &hole.places.join(", "))}</p>
            {move || (needed && fault.get().is_some()).then(|| view! { <p class="text-bad text-xs">{i.hole(HoleState::Needed)}</p> })}
        </div>
    }
    .into_any()
}
