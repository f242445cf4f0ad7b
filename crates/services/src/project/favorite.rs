//! What a project is to one person: whether they keep it at hand, and when they last used it. Nobody
//! else sees either, so the audit trail is silent on both.

use domain::{Action, Code, Error, Result, project::Project};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, ExprTrait,
    sea_query::{Expr, OnConflict},
};

use super::Projects;
use crate::{
    Caller,
    caller::Proof,
    database::failed,
    entity::{favorite, project_visit},
};

/// Between two visits of the same project that are worth writing.
const PAUSE: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

impl Projects<'_> {
    /// Puts a project among the caller's favorites, as the last of them, or takes it from there.
    pub async fn set_favorite(&self, caller: &Caller, project: &str, favorite: bool) -> Result<Project> {
        let project = self.authorize(caller, project, Action::ViewProject).await?;
        let user = caller.user().ok_or_else(|| Error::new(Code::Forbidden))?;
        let writer = self.0.database();
        if favorite {
            let row = favorite::ActiveModel {
                user_id: Set(user.0),
                project_id: Set(project.id.0),
                created_at: Set(self.0.clock().now()),
            };
            favorite::Entity::insert(row)
                .on_conflict_do_nothing()
                .exec_without_returning(writer)
                .await
                .map_err(failed("writing a favorite"))?;
        } else {
            favorite::Entity::delete_by_id((user.0, project.id.0))
                .exec(writer)
                .await
                .map_err(failed("deleting a favorite"))?;
        }
        self.marked(caller, project).await
    }

    /// Notes that a person looks at a project. Programs, which come with tokens, leave no trace.
    pub async fn visit(&self, caller: &Caller, project: &Project) -> Result<()> {
        caller.require(Action::ViewProject, &project.resource())?;
        let now = self.0.clock().now();
        let lately = project.last_used.is_some_and(|at| now - at < PAUSE);
        if lately || !matches!(caller.proof(), Proof::Session(_)) {
            return Ok(());
        }
        let row = project_visit::ActiveModel {
            user_id: Set(caller.subject.user.0),
            project_id: Set(project.id.0),
            at: Set(now),
        };
        let again = OnConflict::columns([project_visit::Column::UserId, project_visit::Column::ProjectId])
            .update_column(project_visit::Column::At)
            .action_and_where(Expr::col((project_visit::Entity, project_visit::Column::At)).lte(now - PAUSE))
            .to_owned();
        project_visit::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(self.0.database())
            .await
            .map(drop)
            .map_err(failed("writing a visit"))
    }

    /// The project with what is the caller's own.
    pub(super) async fn marked(&self, caller: &Caller, project: Project) -> Result<Project> {
        let Some(user) = caller.user() else { return Ok(project) };
        let reader = &self.0.inner.database.reader;
        let key = (user.0, project.id.0);
        let favorite =
            favorite::Entity::find_by_id(key).one(reader).await.map_err(failed("reading a favorite"))?;
        let visit =
            project_visit::Entity::find_by_id(key).one(reader).await.map_err(failed("reading a visit"))?;
        Ok(Project { favorite: favorite.is_some(), last_used: visit.map(|visit| visit.at), ..project })
    }
}
