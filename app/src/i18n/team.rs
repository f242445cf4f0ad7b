//! The texts of teams.

texts! { Teams;
    lead "A team holds one role in each of its projects; whoever is in the team has it." "팀은 프로젝트마다 하나의 역할을 가지며 팀에 속한 사람은 모두 그 역할을 가집니다.";
    empty "No teams yet" "팀이 없습니다";
    empty_body "Put people who work on the same projects into a team, then give the team a role once instead of each person." "같은 프로젝트에서 일하는 사람을 팀으로 묶으면 역할을 사람마다 주지 않고 팀에 한 번만 줄 수 있습니다.";
    new "New team" "새 팀";
    create "Create team" "팀 만들기";
    slug_hint "Part of the team's address; made from the name if left empty." "팀 주소의 일부이며 비우면 이름으로 만듭니다.";
    slug_change_hint "Part of the team's address." "팀 주소의 일부입니다.";
    members_lead "Members of the organization. Who leaves the organization leaves its teams." "조직의 구성원입니다. 조직을 나가면 팀에서도 빠집니다.";
    nobody "Nobody is in this team yet." "아직 팀에 아무도 없습니다.";
    person "Person" "사람";
    everybody_in "Everybody in the organization is in this team." "조직의 모든 구성원이 이 팀에 있습니다.";
    add_person "Add to team" "팀에 추가";
    last_seen "Last seen" "최근 접속";
    leave "Leave…" "나가기…";
    leave_lead "You lose the roles that you hold through this team alone." "이 팀으로만 가진 역할을 잃습니다.";
    leave_now "Leave this team" "이 팀 나가기";
    remove_lead "{} loses the roles that they hold through this team alone." "{} 님은 이 팀으로만 가진 역할을 잃습니다.";
    projects_lead "A person has the strongest of their own role and those of their teams." "본인의 역할과 팀의 역할 중 가장 강한 것이 적용됩니다.";
    no_projects "This team has no role in a project that you can see." "볼 수 있는 프로젝트 중 이 팀이 역할을 가진 곳이 없습니다.";
    all_projects "The team has a role in every project of the organization." "조직의 모든 프로젝트에 팀의 역할이 있습니다.";
    project "Project" "프로젝트";
    give_role "Give role" "역할 주기";
    role_of "Role in {}" "{}에서의 역할";
    take_lead "Members of the team lose the role that they hold in {} through this team alone." "팀 구성원은 이 팀으로만 가진 {}의 역할을 잃습니다.";
    take_named "Take the role in {} away" "{}의 역할 거두기";
    delete "Delete team…" "팀 삭제…";
    delete_lead "Its members lose the roles that they hold through {} alone. Their accounts and own roles stay." "구성원은 {} 팀으로만 가진 역할을 잃습니다. 계정과 본인의 역할은 남습니다.";
    through "through {}" "{} 팀을 통해";
    through_hint "This role comes from a team. Change it on the team's page." "팀에서 온 역할입니다. 팀 페이지에서 바꿉니다.";
}
