#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use domain::{organization::OrganizationInput, project::NewProject};
use services::Caller;

use super::*;
use crate::coverage;

#[test]
fn answers_that_are_too_large_together_are_left_out_and_say_so() {
    coverage::runtime().block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let services = coverage::services(dir.path()).await;
        <migrations::Migrator as migrations::MigratorTrait>::up(services.database(), None).await.unwrap();
        let system = Caller::system();
        let input = OrganizationInput { slug: "acme".into(), name: "Acme".into() };
        services.organizations().create(&system, input).await.unwrap();
        let input = NewProject {
            organization: "acme".into(),
            slug: "payments".into(),
            name: "Payments".into(),
            description: String::new(),
        };
        let project = services.projects().create(&system, input).await.unwrap().id;
        let input = json!({ "name": "box", "transport": "builtin", "builtin": "toolbox" });
        services
            .servers()
            .create(&system, "acme.payments", serde_json::from_value(input).unwrap())
            .await
            .unwrap();
        let world = coverage::serve(services, dir).await;
        let batch = Batch {
            gateway: world.gateway.clone(),
            key: key_of(&system, project),
            project,
            request_id: "r".into(),
            end: Instant::now() + ALL,
            left: Some(Arc::new(AtomicUsize::new(1_500))),
        };
        let echo = async |index, length: usize| {
            let arguments = Some(json!({ "message": "x".repeat(length) }));
            let call =
                OneCall { server: Some("box".into()), tool: "echo".into(), arguments, timeout_ms: None };
            let result = batch.call(index, call).await;
            (result.outcome, result.error.and_then(|error| error.code))
        };
        let too_large = (CallOutcome::Failed, Some("upstream.too_large".to_owned()));
        assert_eq!(echo(0, 1_000).await, (CallOutcome::Ok, None));
        assert_eq!(echo(1, 1_000).await, too_large, "together they are over the bound");
        assert_eq!(echo(2, 10).await, (CallOutcome::Ok, None), "what still fits is told");
        let whole = Batch { left: None, ..batch.clone() };
        let arguments = Some(json!({ "message": "x".repeat(5_000) }));
        let call = OneCall { server: Some("box".into()), tool: "echo".into(), arguments, timeout_ms: None };
        assert_eq!(whole.call(3, call).await.outcome, CallOutcome::Ok, "line by line nothing waits");
    });
}
