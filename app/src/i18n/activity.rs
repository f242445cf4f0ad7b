//! The texts of the activity page.

texts! { Activity;
    lead "Who changed what in this project, newest first." "이 프로젝트에서 누가 무엇을 바꾸었는지 최신순으로 보여 줍니다.";
    person "Person" "사람";
    about "About" "대상";
    empty "No changes yet" "변경 내역이 없습니다";
    empty_body "Each change of servers, keys, members and settings appears here." "서버, 키, 구성원, 설정의 변경이 여기에 나타납니다.";
    nothing "No change fits the filter" "필터에 맞는 변경이 없습니다";
    nothing_body "Try another person or another subject." "다른 사람이나 다른 대상을 골라 보십시오.";
    older "Older" "이전 내역";
    newest "Newest" "최신 내역";
    noun_project "Project" "프로젝트";
    noun_server "Servers" "서버";
    noun_tool "Tools" "도구";
    noun_key "Keys" "키";
    noun_member "Members" "구성원";
    noun_log "Logs" "로그";
    noun_organization "Organization" "조직";
    noun_organization_member "Organization members" "조직 구성원";
    noun_invitation "Invitations" "초대";
    noun_team "Teams" "팀";
    noun_team_member "Team members" "팀 구성원";
    noun_team_project "Team roles" "팀 역할";
    noun_template "Templates" "템플릿";
    was "before" "이전";
    is_now "after" "이후";
}
