//! What changes while somebody looks: the server says that something of the project changed, and the
//! page reads again. Nothing is carried in the event, so nothing can be shown that may not be read.

use leptos::prelude::*;

/// A number that grows, at most about once in a second, as the project changes.
pub fn use_changes(project: impl Fn() -> Option<String> + Send + Sync + 'static) -> ReadSignal<u32> {
    let (seen, set_seen) = signal(0_u32);
    #[cfg(feature = "hydrate")]
    browser::listen(project, set_seen);
    #[cfg(not(feature = "hydrate"))]
    let _ = (project, set_seen);
    seen
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::EventSource;

    use crate::ui::encode;

    /// Bursts become one refresh.
    const PAUSE: Duration = Duration::from_millis(800);

    pub(super) fn listen(
        project: impl Fn() -> Option<String> + Send + Sync + 'static,
        seen: WriteSignal<u32>,
    ) {
        Effect::new(move |_| {
            let Some(project) = project() else { return };
            let Ok(source) = EventSource::new(&format!("/api/v1/projects/{}/events", encode(&project)))
            else {
                return;
            };
            let waiting = StoredValue::new(false);
            let changed = Closure::<dyn FnMut()>::new(move || {
                if waiting.try_get_value() == Some(false) {
                    waiting.set_value(true);
                    set_timeout(
                        move || {
                            waiting.try_set_value(false);
                            seen.try_update(|n| *n = n.wrapping_add(1));
                        },
                        PAUSE,
                    );
                }
            });
            let _ = source.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
            let held = StoredValue::new_local((source, changed));
            on_cleanup(move || {
                let _ = held.try_with_value(|(source, _)| source.close());
            });
        });
    }
}
