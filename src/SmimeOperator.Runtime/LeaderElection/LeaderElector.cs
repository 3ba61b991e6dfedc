using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;

namespace SmimeOperator.Runtime.LeaderElection;

/// <summary>Where the lease is, who we are, and how patient everybody is.</summary>
internal sealed record LeaderElectionOptions(
    NamespacedName Lease, string Identity, TimeSpan LeaseDuration, TimeSpan RenewDeadline, TimeSpan RetryPeriod);

/// <summary>How an election ended.</summary>
internal enum LeadershipEnd
{
    /// <summary>We were told to stop; the lease was released if it was ours.</summary>
    Stopped,

    /// <summary>The lease was lost, all work has stopped.</summary>
    Lost,

    /// <summary>The lease was lost and work goes on: the process must end at once.</summary>
    LostWhileWorking,
}

/// <summary>Lets work run only while a lease is ours.</summary>
/// <remarks>
/// Clocks of other machines are never compared: a lease of somebody else counts as expired when it has not changed for its own
/// duration since we first saw it so. Ours counts from before the request that renewed it was sent, so that we always give up earlier
/// than anybody takes over, by the lease duration less the renew deadline. Errors are nothing but failed tries until that deadline.
/// </remarks>
internal sealed class LeaderElector(
    KubernetesApi api, LeaderElectionOptions options, TimeProvider time, Func<double> random, ILogger<LeaderElector> logger)
{
    private static readonly ResourceDefinition Resource = ResourceDefinition.Of<V1Lease>();

    private LeaseRecord? _observed;
    private long _observedAt;
    private volatile bool _leading;
    private long _heldSince;
    private long _heldSinceOnClock;

    private enum Attempt
    {
        Held,
        Failed,
        HeldByOther,
    }

    /// <summary>Whether the lease can be relied on at this very moment: asked before each write, because a timer tells it too late.</summary>
    /// <remarks>
    /// A process that is stopped and wakes up long after runs on as if nothing had happened until its timers fire. The monotonic clock goes on
    /// meanwhile, but stands still while a whole machine sleeps; the wall clock goes on then, but may be set. Whichever says more counts.
    /// </remarks>
    public bool IsHeld
    {
        get
        {
            var onClock = TimeSpan.FromTicks(time.GetUtcNow().UtcTicks - Interlocked.Read(ref _heldSinceOnClock));
            return _leading && time.GetElapsedTime(Interlocked.Read(ref _heldSince)) < options.RenewDeadline && onClock < options.RenewDeadline;
        }
    }

    /// <summary>Waits for the lease, then runs the work; its token is cancelled when the lease can no longer be relied on.</summary>
    public async Task<LeadershipEnd> RunAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        long renewed;
        while (true)
        {
            renewed = time.GetTimestamp();
            try
            {
                if (await TryHoldAsync(stopping).ConfigureAwait(false) == Attempt.Held)
                {
                    break;
                }

                stopping.ThrowIfCancellationRequested();

                // Spread, so that standbys do not all ask at the same moment.
                await Task.Delay(options.RetryPeriod * (1 + (0.2 * random())), time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return LeadershipEnd.Stopped;
            }
        }

        logger.Leading(options.Lease, options.Identity);
        return await LeadAsync(work, renewed, stopping).ConfigureAwait(false);
    }

    private async Task<LeadershipEnd> LeadAsync(Func<CancellationToken, Task> work, long renewed, CancellationToken stopping)
    {
        Hold(renewed);
        var left = options.RenewDeadline - time.GetElapsedTime(renewed);
        using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        _leading = true;
        using var ended = working.Token.Register(() => _leading = false);
        var task = Task.Run(() => work(working.Token), CancellationToken.None);

        // Renewing goes on while work comes to an end after a stop, because until then the lease must be ours.
        while (await StillWorkingAsync(task, deadline.Token).ConfigureAwait(false))
        {
            var started = time.GetTimestamp();
            var attempt = await TryHoldAsync(deadline.Token).ConfigureAwait(false);
            if (attempt == Attempt.HeldByOther)
            {
                await deadline.CancelAsync().ConfigureAwait(false);
            }
            else if (attempt == Attempt.Held)
            {
                renewed = started;
                Hold(started);
                var remaining = options.RenewDeadline - time.GetElapsedTime(started);
                deadline.CancelAfter(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero);
            }
        }

        _leading = false;
        if (!deadline.IsCancellationRequested)
        {
            await ReleaseAsync().ConfigureAwait(false);
            await task.ConfigureAwait(false);
            return LeadershipEnd.Stopped;
        }

        logger.Lost(options.Lease);
        var untilExpiry = options.LeaseDuration - time.GetElapsedTime(renewed);
        var expiry = Task.Delay(untilExpiry > TimeSpan.Zero ? untilExpiry : TimeSpan.Zero, time, CancellationToken.None);
        if (await Task.WhenAny(task, expiry).ConfigureAwait(false) != task)
        {
            return LeadershipEnd.LostWhileWorking;
        }

        await task.ConfigureAwait(false);
        return LeadershipEnd.Lost;
    }

    private void Hold(long since)
    {
        Interlocked.Exchange(ref _heldSinceOnClock, (time.GetUtcNow() - time.GetElapsedTime(since)).UtcTicks);
        Interlocked.Exchange(ref _heldSince, since);
    }

    /// <summary>Waits for the next time to renew; false when there is nothing left to renew for.</summary>
    private async Task<bool> StillWorkingAsync(Task task, CancellationToken deadline)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        await Task.WhenAny(task, Task.Delay(options.RetryPeriod, time, pause.Token)).ConfigureAwait(false);
        await pause.CancelAsync().ConfigureAwait(false);
        return !task.IsCompleted && !deadline.IsCancellationRequested;
    }

    [SuppressMessage("Design", "CA1031", Justification = "By design: any failure is a failed try, and the deadline decides what follows.")]
    private async Task<Attempt> TryHoldAsync(CancellationToken stop)
    {
        // Half the deadline, so that one request that hangs leaves time for another.
        using var limit = new CancellationTokenSource(options.RenewDeadline / 2, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var cancellationToken = linked.Token;
        try
        {
            // A leader knows the version it wrote; asking first would double the requests of every renewal.
            if (_leading && _observed is { } own && own.Holder == options.Identity)
            {
                try
                {
                    Observe(await WriteAsync(own, options.Identity, DurationSeconds, own.Transitions, acquiring: false, cancellationToken).ConfigureAwait(false));
                    return Attempt.Held;
                }
                catch (KubernetesApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
                {
                    logger.LeaseChanged(options.Lease);
                }
            }

            var json = await api.GetAsync(Resource.ObjectPath(options.Lease), KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false);
            if (json is null)
            {
                Observe(await CreateAsync(cancellationToken).ConfigureAwait(false));
                return Attempt.Held;
            }

            var found = Read(json);
            Observe(found);
            if (_leading && found.Holder != options.Identity)
            {
                // Taken, and perhaps released again since: somebody else has worked, so what we know is out of date and our work must not go on.
                return Attempt.HeldByOther;
            }

            if (found.Holder.Length > 0 && found.Holder != options.Identity && !HasExpired(found))
            {
                return Attempt.HeldByOther;
            }

            var changesHands = found.Holder != options.Identity;
            Observe(await WriteAsync(
                found, options.Identity, DurationSeconds, found.Transitions + (changesHands ? 1 : 0), changesHands, cancellationToken).ConfigureAwait(false));
            return Attempt.Held;
        }
        catch (Exception e)
        {
            if (!stop.IsCancellationRequested)
            {
                logger.AttemptFailed(e, options.Lease);
            }

            return Attempt.Failed;
        }
    }

    private int DurationSeconds => (int)Math.Ceiling(options.LeaseDuration.TotalSeconds);

    private void Observe(LeaseRecord record)
    {
        if (!record.SameSign(_observed))
        {
            _observedAt = time.GetTimestamp();
        }

        _observed = record;
    }

    private bool HasExpired(LeaseRecord record) => time.GetElapsedTime(_observedAt) >= TimeSpan.FromSeconds(record.DurationSeconds);

    [SuppressMessage("Design", "CA1031", Justification = "A release that fails costs the successor a lease duration and nobody anything else.")]
    private async Task ReleaseAsync()
    {
        if (_observed is not { } own || own.Holder != options.Identity)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(options.RetryPeriod, time);
            Observe(await WriteAsync(own, holder: "", durationSeconds: 1, own.Transitions, acquiring: false, limit.Token).ConfigureAwait(false));
            logger.Released(options.Lease);
        }
        catch (Exception e)
        {
            logger.AttemptFailed(e, options.Lease);
        }
    }

    private async Task<LeaseRecord> CreateAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var body = KubernetesApi.Body(Json(writer =>
        {
            writer.WriteString("apiVersion", Resource.ApiVersion);
            writer.WriteString("kind", Resource.Kind);
            writer.WriteStartObject("metadata");
            writer.WriteString("name", options.Lease.Name);
            writer.WriteString("namespace", options.Lease.Namespace);
            writer.WriteEndObject();
            LeaseRecord.WriteSpec(writer, options.Identity, DurationSeconds, now, now, transitions: 0);
        }));
        return Read(await api.SendAsync(
            HttpMethod.Post, Resource.CollectionPath(options.Lease.Namespace), body, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false));
    }

    private async Task<LeaseRecord> WriteAsync(
        LeaseRecord known, string holder, int durationSeconds, int transitions, bool acquiring, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        using var body = KubernetesApi.Body(
            Json(writer =>
            {
                writer.WriteStartObject("metadata");
                writer.WriteString("resourceVersion", known.ResourceVersion);
                writer.WriteEndObject();
                LeaseRecord.WriteSpec(writer, holder, durationSeconds, now, acquiring ? now : null, transitions);
            }),
            KubernetesApi.MergePatch);
        return Read(await api.SendAsync(
            HttpMethod.Patch, Resource.ObjectPath(options.Lease), body, KubernetesApi.AsJson, cancellationToken).ConfigureAwait(false));
    }

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static LeaseRecord Read(byte[] json) => LeaseRecord.Of(
        JsonSerializer.Deserialize<V1Lease>(json, KubernetesApi.Json) ?? throw new InvalidDataException("The answer is no lease."));
}
