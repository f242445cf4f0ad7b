//! A database with one project, for programs that measure.

use std::path::Path;

use domain::{account::SignUpPolicy, organization::OrganizationInput, project::NewProject};
use migrations::{Migrator, MigratorTrait};
use secrecy::SecretBox;
use services::{Caller, Clock, Entropy, Options, Services, Settings};

pub(crate) async fn open(file: &Path) -> Services {
    let services = Services::open(Options {
        database_url: format!("sqlite://{}?mode=rwc", file.display()),
        master_key: SecretBox::new(Box::new([7; 32])),
        settings: Settings {
            sign_up: SignUpPolicy::Open,
            stdio_enabled: true,
            open_access: true,
            session_lifetime: chrono::TimeDelta::days(14),
        },
        clock: Clock::system(),
        entropy: Entropy::os(),
    })
    .await
    .unwrap();
    Migrator::up(services.database(), None).await.unwrap();
    services
}

pub(crate) async fn project(services: &Services) -> domain::ProjectId {
    let system = Caller::system();
    let input = OrganizationInput { slug: "acme".into(), name: "acme".into() };
    services.organizations().create(&system, input).await.unwrap();
    let input = NewProject {
        organization: "acme".into(),
        slug: "payments".into(),
        name: "payments".into(),
        description: String::new(),
    };
    services.projects().create(&system, input).await.unwrap().id
}
