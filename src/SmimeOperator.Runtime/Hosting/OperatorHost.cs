using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.LeaderElection;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Hosting;

/// <summary>Ends a process that can no longer be ended in good order.</summary>
internal delegate void ProcessTerminator(int exitCode);

/// <summary>
/// The order of everything: watches run always, work runs when every store is filled and the lease is ours, the lease is released
/// only after work has stopped, watches stop last.
/// </summary>
internal sealed class OperatorHost(
    IEnumerable<IInformer> informers,
    IEnumerable<IControllerHost> controllers,
    LeaderElector elector,
    OperatorSettings settings,
    OperatorHealth health,
    IHostApplicationLifetime lifetime,
    ProcessTerminator terminate,
    ILogger<OperatorHost> logger)
    : BackgroundService
{
    private const int LeadershipLostExitCode = 1;

    private readonly IInformer[] _informers = [.. informers];

    // Made here and not when work begins: they must see the first change of their stores.
    private readonly IControllerHost[] _controllers = [.. controllers];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Start must not wait for the first synchronous stretch of all this.
        await Task.Yield();
        using var watching = new CancellationTokenSource();
        var watches = Task.WhenAll(_informers.Select(informer => informer.RunAsync(watching.Token)));
        try
        {
            if (settings.LeaderElectionType == LeaderElectionType.None)
            {
                await WorkAsync(stoppingToken).ConfigureAwait(false);
                return;
            }

            var end = await elector.RunAsync(WorkAsync, stoppingToken).ConfigureAwait(false);
            if (end != LeadershipEnd.Stopped)
            {
                EndProcess(end);
            }
        }
        finally
        {
            await watching.CancelAsync().ConfigureAwait(false);
            await watches.ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_informers.Select(static informer => informer.Synced)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        foreach (var controller in _controllers)
        {
            controller.Open();
        }

        logger.WorkBegins(string.Join(", ", _informers.Select(static informer => informer.EntityName)));
        health.IsLeader = true;
        using var stop = cancellationToken.Register(() => health.IsLeader = false);

        // An operator without controllers still has stores to keep: the end of work is told, not found out.
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = cancellationToken.Register(told.SetResult);
        await Task.WhenAll(_controllers.Select(controller => controller.RunAsync(cancellationToken)).Append(told.Task)).ConfigureAwait(false);
        logger.WorkEnded();
    }

    [SuppressMessage("Usage", "RS0030", Justification = "The exit code is the message to whoever restarts the process.")]
    private void EndProcess(LeadershipEnd end)
    {
        health.ExitCode = LeadershipLostExitCode;
        Environment.ExitCode = LeadershipLostExitCode;
        logger.LeadershipLost();
        if (end == LeadershipEnd.LostWhileWorking)
        {
            logger.WorkOutlivesLease();
            terminate(LeadershipLostExitCode);
        }

        lifetime.StopApplication();
    }
}
