using System.CommandLine;

namespace Smimectl;

/// <summary>smimectl sync: a folder of manifests instead of a cluster.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultPoll = TimeSpan.FromMinutes(1);

    private static readonly string DefaultCopy = Path.Combine(".run", "git");

    public static Command Create()
    {
        var folder = new Argument<string?>("DIR") { Description = "The folder with the manifests (*.yaml); with --git the folder that keeps the copy. Default then: .run/git.", Arity = ArgumentArity.ZeroOrOne };
        var with = CommonOptions.With();
        var git = new Option<string?>("--git") { Description = "Follow a branch of this repository instead of a folder. git logs in as it always does.", HelpName = "URL" };
        var branch = new Option<string?>("--branch") { Description = "With --git: the branch. Default: main.", HelpName = "NAME" };
        var path = new Option<string?>("--path") { Description = "With --git: the folder within the repository.", HelpName = "SUB" };
        var poll = CommonOptions.Poll();
        var once = new Option<bool>("--once") { Description = "End when nothing more happens without a person: exit 0 if everything is ready, 1 if not." };
        var watch = new Option<bool>("--watch") { Description = "Go on until stopped: changed manifests and changes in the tenant are dealt with (the default)." };
        var endpoint = CommonOptions.TenantEndpoint();
        var state = CommonOptions.State();
        var cluster = CommonOptions.ClusterId();
        var output = CommonOptions.Output();
        var noColor = CommonOptions.NoColor();
        var exitWhenReady = CommonOptions.ExitWhenReady();
        var timeout = CommonOptions.Timeout(CommonOptions.SyncTimeout);
        var command = new Command("sync", "Keep a tenant as a folder of manifests says.")
        {
            folder, with, git, branch, path, poll, once, watch, endpoint, state, cluster, output, noColor, exitWhenReady, timeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(once) && (result.GetValue(watch) || result.GetValue(exitWhenReady)))
            {
                result.AddError("--once excludes --watch and --exit-when-ready.");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(git) is null && result.GetValue(folder) is null)
            {
                result.AddError("Name the folder with the manifests, or a repository with --git.");
            }
            else if (result.GetValue(folder) is { } named && (result.GetValue(git) is null || named.Length == 0) && CommonOptions.Misses(named) is { } problem)
            {
                result.AddError(problem);
            }

            if (result.GetValue(git) is null && (result.GetValue(branch) ?? result.GetValue(path)) is not null)
            {
                result.AddError("--branch and --path belong to --git.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var until = parsed.GetValue(once) ? RunUntil.Settled : parsed.GetValue(exitWhenReady) ? RunUntil.Ready : RunUntil.Stopped;
            using var signals = new StopSignals(cancellationToken);
            var copy = parsed.GetValue(git) is { } url
                ? await GitCopy.OpenAsync(new GitSource(url, parsed.GetValue(branch) ?? "main", parsed.GetValue(path) ?? ""), parsed.GetValue(folder) ?? DefaultCopy, signals.Token)
                : null;
            var directory = copy?.Manifests ?? parsed.GetValue(folder)!;
            await using var sync = FolderSync.Open(new SyncOptions
            {
                Folders = [directory, .. parsed.GetValue(with)!],
                // That of a copy lies beside it.
                StatePath = parsed.GetValue(state) ?? (copy is null ? CommonOptions.StatePath(directory) : Path.TrimEndingDirectorySeparator(parsed.GetValue(folder) ?? DefaultCopy) + ".state.json"),
                ClusterId = parsed.GetValue(cluster),
                TenantEndpoint = parsed.GetValue(endpoint),
            });
            var view = CommonOptions.View(
                parsed.GetValue(output), parsed.GetValue(noColor), until, parsed.InvocationConfiguration.Output, new ViewNotes());
            var limit = parsed.GetValue(timeout) ?? (until == RunUntil.Stopped ? null : DefaultTimeout);
            if (copy is null)
            {
                var code = await SyncRunner.RunAsync(sync, view, until, limit, TimeProvider.System, signals.Token);
                return until == RunUntil.Settled && sync.IsAboutNothing ? throw TenantChoiceException.NothingStated(directory) : code;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Token);
            var following = GitFollower.FollowAsync(copy, parsed.GetValue(poll) ?? DefaultPoll, parsed.InvocationConfiguration.Error, TimeProvider.System, stop.Token);
            try
            {
                return await SyncRunner.RunAsync(sync, view, until, limit, TimeProvider.System, signals.Token);
            }
            finally
            {
                await stop.CancelAsync();
                await following;
            }
        });
        return command;
    }
}
