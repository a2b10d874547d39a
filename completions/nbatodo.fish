# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_nbatodo_global_optspecs
    string join \n profile= format= q/quiet v/verbose color= config= session-store= key-store= deadline= h/help V/version
end

function __fish_nbatodo_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_nbatodo_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_nbatodo_using_subcommand
    set -l cmd (__fish_nbatodo_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c nbatodo -n "__fish_nbatodo_needs_command" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_needs_command" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_needs_command" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_needs_command" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_needs_command" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_needs_command" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_needs_command" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "login" -d 'Sign in to Todoist in the browser, for one hour'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "import" -d 'Put a team\'s coming games into Todoist'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "remove" -d 'Take an import back: delete what it made and you left alone'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "logout" -d 'Sign out: token revoked, key destroyed, file deleted'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "status" -d 'Show who is signed in, and for how long'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "schedule" -d 'Show a team\'s coming games, without signing in'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "teams" -d 'Show the thirty teams'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "doctor" -d 'Look for what is wrong on this machine, and say what to do about it'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "demo" -d 'Show everything once against a stand-in for Todoist: no account, no network'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "sandbox" -d 'Run a stand-in for Todoist on this machine, to try things in'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c nbatodo -n "__fish_nbatodo_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l timeout -d 'How many seconds to wait for your consent' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l ttl -d 'End the session after so many minutes, instead of an hour' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l client-id -d 'A client of your own at Todoist, in place of the one that nbatodo registers; its secret is asked for, or comes from NBATODO_CLIENT_SECRET' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l port -d 'The port that your own client is registered for' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l no-browser -d 'Print the address instead of opening a browser'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l stay-signed-in -d 'Let later runs renew the session, as from cron, until you log out'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -l allow-delete -d 'Also ask for leave to delete tasks and projects, which remove and --prune need'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand login" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l team -d 'A team, several with commas between, or "all": tricode, nickname, city or what people call it; repeatable [env: NBATODO_TEAM]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l conference -d 'The teams of a conference, besides those that --team names' -r -f -a "east\t''
west\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l division -d 'The teams of a division, besides those that --team names' -r -f -a "atlantic\t''
central\t''
northwest\t''
pacific\t''
southeast\t''
southwest\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l from -d 'No game before this day, such as 2026-11-28, as the arena counts days' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l to -d 'No game after this day' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l opponent -d 'Only games against this team; repeatable' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l stage -d 'Only games of this stage; repeatable [default: regular]' -r -f -a "preseason\t''
regular\t''
cup-final\t''
play-in\t''
playoffs\t''
all\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l next -d 'Only the next so many games of each team' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l one-project -d 'One project of this name for all teams, where a game of two of them is one task, instead of a project each' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l destination -d '"inbox" for a section of your Inbox for each team, "project:" and the name, id or link of a project of yours, or "projects" for a project that is made for each team [default: projects]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l project-color -d 'The colour of a project that is created [default: the nearest to the team\'s]' -r -f -a "berry_red\t''
red\t''
orange\t''
yellow\t''
olive_green\t''
lime_green\t''
green\t''
mint_green\t''
teal\t''
sky_blue\t''
light_blue\t''
blue\t''
grape\t''
violet\t''
lavender\t''
magenta\t''
salmon\t''
charcoal\t''
grey\t''
taupe\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l title -d 'The title, with fields in braces: {team}, {opponent}, {vs} ("vs" at home, "at" away), {city}, {team_code}, {opponent_code}, {home}, {away}, {arena}, {tv}, {label}, {date}, {time}; a brace itself is written twice [default: "{team} {vs} {opponent}"]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l label -d 'A label of 1 to 60 characters; repeatable' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l priority -d 'The priority: p1 (the highest) to p4' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l duration -d 'How long a game takes, such as 2h30m or 150 (minutes), at most 24h' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l section-by -d 'By what the tasks of a project are put into sections' -r -f -a "month\t''
none\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l reminder -d 'How long before the tip-off Todoist reminds you, such as 60m, at most 24h, if your plan has reminders' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l notify-task -d 'Write a comment to each task that moves, if your plan has comments' -r -f -a "true\t''
false\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l yearly-reminder -d 'A task that comes back every year, the day before a season usually opens' -r -f -a "true\t''
false\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l schedule -d 'Another source: the league\'s feed, ESPN\'s schedule, a fixture list (CSV) or a calendar, as a file, an address, or "-" for standard input' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l season -d 'The games of this season, such as 2026-27 [default: the one that the league has out]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l strict-feed -d 'Fail with exit code 3 if the league\'s schedule cannot be had, instead of using a copy' -r -f -a "true\t''
false\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l max-wait -d 'How many seconds to wait in all where Todoist asks for patience' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l jobs -d 'How many profiles at once, 1 to 64 [default: 4]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l spread -d 'Over how long a time the imports begin, such as 30s, 20m or 2h [default: 0 at a terminal, else 5s]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l share-window -d 'What any host has done within this time is not done again; 0 does everything again' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l port -d 'The port that the client of your own is registered for (NBATODO_CLIENT_ID)' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l home -d 'Home games only'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l away -d 'Away games only'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l include-past -d 'Games that are over, too'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l refresh -d 'Ask the league at once, even if it was asked within the last quarter of an hour'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l offline -d 'Ask nobody: take the last good copy of the league\'s schedule, or the bundled one'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l restore -d 'Create again what you deleted'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l prune -d 'Delete coming games that an earlier run made and that the options above leave out, if you left them alone'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l dry-run -d 'Show what would change, and change nothing'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l detailed-exitcode -d 'With --dry-run: exit with 10 if something would change, with 0 if not'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l all-profiles -d 'Import for every profile that is signed in, each with its own settings; hosts that share a database and a key file share the work'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -l no-browser -d 'Print the address instead of opening a browser'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand import" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l team -d 'A team, several with commas between, or "all"; repeatable [env: NBATODO_TEAM]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l one-project -d 'From the project of this name that was made for several teams; of all teams, if none is named' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l destination -d 'From there only: "inbox", or "project:" and the name, id or link of a project of yours [default: wherever the team\'s games are]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l max-wait -d 'How many seconds to wait in all where Todoist asks for patience' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l port -d 'The port that the client of your own is registered for (NBATODO_CLIENT_ID)' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -s y -l yes -d 'Ask no questions; needed where there is no terminal'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l dry-run -d 'Show what would be deleted, and delete nothing'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l offline -d 'Do not ask the league: go by the last good copy of its schedule, or the bundled one'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -l no-browser -d 'Print the address instead of opening a browser'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand remove" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand logout" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand status" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l team -d 'A team, several with commas between, or "all": tricode, nickname, city or what people call it; repeatable [env: NBATODO_TEAM]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l conference -d 'The teams of a conference, besides those that --team names' -r -f -a "east\t''
west\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l division -d 'The teams of a division, besides those that --team names' -r -f -a "atlantic\t''
central\t''
northwest\t''
pacific\t''
southeast\t''
southwest\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l from -d 'No game before this day, such as 2026-11-28, as the arena counts days' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l to -d 'No game after this day' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l opponent -d 'Only games against this team; repeatable' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l stage -d 'Only games of this stage; repeatable [default: regular]' -r -f -a "preseason\t''
regular\t''
cup-final\t''
play-in\t''
playoffs\t''
all\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l next -d 'Only the next so many games of each team' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l month -d 'A calendar of a month, such as 2026-12 [default: the month of the next game]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l timezone -d 'The zone in which times are shown, such as Europe/Berlin [default: this machine\'s, or your Todoist account\'s]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l schedule -d 'Another source: the league\'s feed, ESPN\'s schedule, a fixture list (CSV) or a calendar, as a file, an address, or "-" for standard input' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l season -d 'The games of this season, such as 2026-27 [default: the one that the league has out]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l strict-feed -d 'Fail with exit code 3 if the league\'s schedule cannot be had, instead of using a copy' -r -f -a "true\t''
false\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l home -d 'Home games only'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l away -d 'Away games only'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l include-past -d 'Games that are over, too'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l refresh -d 'Ask the league at once, even if it was asked within the last quarter of an hour'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -l offline -d 'Ask nobody: take the last good copy of the league\'s schedule, or the bundled one'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand schedule" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand teams" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l make-key -d 'Make a key file for machines without a keyring, and nothing else' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -l offline -d 'Leave the network alone'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l team -d 'The team whose games it imports' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand demo" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l port -d 'The port on 127.0.0.1; 0 takes any that is free' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l plan -d 'The Todoist plan whose limits hold' -r -f -a "free\t''
pro\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand sandbox" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l profile -d 'The profile: a name for one Todoist account [default: default]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l format -d 'How results are printed on standard output; csv and ics are for "schedule"' -r -f -a "human\t''
json\t''
csv\t''
ics\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t''
always\t''
never\t''"
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l config -d 'The settings file [default: config.toml in the platform\'s configuration directory]' -r -F
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l session-store -d 'Where the sealed session lies: file; memory, where a run signs in for itself and keeps nothing; or a database at redis://, rediss:// or postgres:// (a password belongs into NBATODO_SESSION_STORE) [default: file]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l key-store -d 'Where its key lies: auto, keyring, keyutils or file [default: auto]' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -l deadline -d 'How long the run may take, such as 10 (minutes), 90s or 1h, or none; the time that it waits for you does not count' -r
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -s q -l quiet -d 'Print nothing but errors, and JSON where it is asked for'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -s v -l verbose -d 'Say more on standard error; repeat for more'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -s h -l help -d 'Print help'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand completions" -s V -l version -d 'Print version'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "login" -d 'Sign in to Todoist in the browser, for one hour'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "import" -d 'Put a team\'s coming games into Todoist'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "remove" -d 'Take an import back: delete what it made and you left alone'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "logout" -d 'Sign out: token revoked, key destroyed, file deleted'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "status" -d 'Show who is signed in, and for how long'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "schedule" -d 'Show a team\'s coming games, without signing in'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "teams" -d 'Show the thirty teams'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "doctor" -d 'Look for what is wrong on this machine, and say what to do about it'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "demo" -d 'Show everything once against a stand-in for Todoist: no account, no network'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "sandbox" -d 'Run a stand-in for Todoist on this machine, to try things in'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "completions" -d 'Print the completions of a shell'
complete -c nbatodo -n "__fish_nbatodo_using_subcommand help; and not __fish_seen_subcommand_from login import remove logout status schedule teams doctor demo sandbox completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
