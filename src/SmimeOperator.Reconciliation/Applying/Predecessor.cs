using System.Collections.Concurrent;
using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// What the process before this one made last may not show yet, and it may have been killed before it could say what became of it. Until the service
/// must show it, nothing is made in its place. That time is counted from when this process began to work, for the other one was dead by then, whatever
/// the clocks say. What a resource misses later this process has seen or made itself.
/// </summary>
internal sealed class Predecessor(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly SnapshotPart[] Parts = [SnapshotPart.MobileApps, SnapshotPart.AppConfigurations, SnapshotPart.DeviceConfigurations];

    private readonly Lazy<(long Since, DateTimeOffset Until)> _wait = new(() => (time.GetTimestamp(), time.GetUtcNow() + Applier.Horizon));
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>The session with lists that show what was made for a resource, now that they must.</summary>
    /// <param name="owner">The resource, as Kind/namespace/name.</param>
    /// <param name="session">The session so far.</param>
    /// <param name="hidden">What may have been made, in words, and does not show in a snapshot.</param>
    /// <param name="cancellationToken">Stops the reads.</param>
    /// <exception cref="VerdictException">It is too early to tell.</exception>
    public async Task<TenantSession> SeeAsync(
        string owner, TenantSession session, Func<TenantSnapshot, IReadOnlyCollection<string>> hidden, CancellationToken cancellationToken)
    {
        // Only a list that is begun when the time is over proves that something is not there.
        var (isEarly, until) = (time.GetElapsedTime(_wait.Value.Since) < Applier.Horizon, _wait.Value.Until);
        if (session.Connection.IsDryRun || _seen.ContainsKey(owner))
        {
            return session;
        }

        if (hidden(session.Snapshot).Count > 0)
        {
            await Task.WhenAll(Parts.Select(p => session.Connection.RereadAsync(p, cancellationToken)));
            session = (session with { Snapshot = session.Connection.Current! }).Require(Parts);
            if (isEarly && hidden(session.Snapshot) is { Count: > 0 } still)
            {
                throw new VerdictException(Verdict.Waiting(Reasons.Progressing, Describe(still, until), Pause));
            }
        }

        _seen[owner] = true;
        return session;
    }

    /// <summary>The app, which the policies of a tenant share, as far as another one of them may have made it.</summary>
    public IEnumerable<string> HiddenApps(SmimePolicy policy, IResourceCatalog catalog) =>
        from other in catalog.PoliciesOf(ResourceReferences.TenantOf(policy.Spec.TenantRef, policy.Metadata.NamespaceProperty))
        let owner = $"{SmimePolicy.KubeKind}/{other.Metadata.NamespaceProperty}/{other.Metadata.Name}"
        where other.Metadata.Uid != policy.Metadata.Uid && !_seen.ContainsKey(owner)
            && (other.Status?.Creating?.Contains(Roles.App) == true || other.Status?.Objects?.Exists(o => o is { Role: Roles.App, Created: true }) == true)
        select $"{Roles.App} of {owner}";

    /// <summary>The resource is gone.</summary>
    public void Forget(string owner) => _seen.TryRemove(owner, out _);

    private static string Describe(IEnumerable<string> hidden, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture,
        $"what the run before this one may have made does not show: {string.Join(", ", hidden.Order(StringComparer.Ordinal).Take(5))}; made anew if the tenant does not show it until {until:HH:mm:ss} UTC");
}
