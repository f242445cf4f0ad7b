use domain::{Code, Role, project::NewMember};
use futures_util::future::join_all;

use super::fixture::{Fixture, PROJECT, caller_of, on_each_database, user};

#[test]
fn a_project_never_loses_its_last_owner() {
    on_each_database(async |f: Fixture| {
        let projects = f.services.projects();
        let owner = f.owner.subject().user;
        let demoted = projects.set_role(&f.owner, PROJECT, owner, Role::Reporter).await.unwrap_err();
        assert_eq!(demoted.code(), Code::LastOwner);
        assert_eq!(
            projects.remove_member(&f.owner, PROJECT, owner).await.unwrap_err().code(),
            Code::LastOwner
        );

        // Many owners who all leave at once: one has to stay.
        let mut owners = vec![f.owner.clone()];
        for i in 0..9 {
            let person = user(&f.services, &format!("owner{i}@acme.test"), false).await;
            let member = NewMember { email: person.email, role: Role::Owner };
            projects.add_member(&f.owner, PROJECT, member).await.unwrap();
            owners.push(caller_of(&f.services, person.id).await);
        }
        let left =
            join_all(owners.iter().map(|o| projects.remove_member(o, PROJECT, o.subject().user))).await;
        let stayed: Vec<_> = left.into_iter().filter_map(Result::err).map(|error| error.code()).collect();
        assert_eq!(stayed, [Code::LastOwner]);
    });
}

#[test]
fn a_change_of_role_counts_at_the_next_request() {
    on_each_database(async |f: Fixture| {
        let projects = f.services.projects();
        let developer = f.developer.subject().user;
        projects.set_role(&f.owner, PROJECT, developer, Role::Reporter).await.unwrap();
        let now = caller_of(&f.services, developer).await;
        assert_eq!(f.services.keys().list(&now, PROJECT).await.unwrap_err().code(), Code::Forbidden);
        projects.remove_member(&now, PROJECT, developer).await.unwrap();
        let now = caller_of(&f.services, developer).await;
        assert_eq!(projects.get(&now, PROJECT).await.unwrap_err().code(), Code::NotFound);
    });
}
