using System.Collections.Concurrent;
using System.Globalization;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Holds back mass deletion: more deletions and unassignments of one Tenant in a window than it allows are not made until a person
/// approves just this set. The counts of the window stand in the Tenant's status before
/// anything is removed, so a restart forgets none.
/// </summary>
internal sealed class BlastRadiusGuard(TimeProvider time)
{
    private readonly ConcurrentDictionary<ResourceName, RecentRemovals> _removals = new();

    /// <summary>Throws a <see cref="Reasons.GuardTripped"/> verdict where the changes would exceed what the Tenant allows; otherwise counts them.</summary>
    /// <param name="tenant">The Tenant.</param>
    /// <param name="managed">How many objects and imports are managed in it.</param>
    /// <param name="changes">What is about to be done.</param>
    /// <param name="approval">The value of the approval annotation of the resource, <c>count/hash</c>.</param>
    public void Admit(Tenant tenant, Func<int> managed, IReadOnlyCollection<PlannedChange> changes, string? approval)
    {
        var wanted = changes.Sum(c => c.Removals);
        if (wanted == 0)
        {
            return;
        }

        var guard = tenant.Spec.Guard;
        var window = GoDuration.Parse(guard.Window);
        var allowed = Math.Max(guard.MaxDeletions, (int)((long)managed() * guard.MaxDeletionPercent / 100));
        var recent = RecentOf(tenant);
        lock (recent)
        {
            var now = time.GetUtcNow();
            var made = recent.Count(now, window);
            var token = Token(changes);
            if (made + wanted > allowed && approval != token)
            {
                throw VerdictException.Stalled(Reasons.GuardTripped,
                    $"{wanted} deletions or unassignments are due and {made} were made in the last {guard.Window}; the Tenant's guard allows {allowed}. " +
                    $"Nothing was deleted. To go ahead with just these, annotate this resource with {Annotations.ApproveDeletions}={token}");
            }

            recent.Add(wanted, now, window);
        }
    }

    /// <summary>Takes back removals that were admitted and not made.</summary>
    public void GiveBack(Tenant tenant, int count)
    {
        var recent = RecentOf(tenant);
        lock (recent)
        {
            recent.Remove(count);
        }
    }

    /// <summary>What the window holds, for the Tenant's status; null where that is nothing.</summary>
    public List<RemovalCount>? Record(Tenant tenant)
    {
        var recent = RecentOf(tenant);
        lock (recent)
        {
            return recent.Count(time.GetUtcNow(), GoDuration.Parse(tenant.Spec.Guard.Window)) == 0 ? null : recent.ToStatus();
        }
    }

    /// <summary>Has the counts written before the removals are made; removals of many resources at a time share a write.</summary>
    public async Task KeepAsync(Tenant tenant, KeepRemovals keep, CancellationToken cancellationToken)
    {
        var recent = RecentOf(tenant);
        await recent.Writing.WaitAsync(cancellationToken);
        try
        {
            List<RemovalCount> record;
            long version;
            lock (recent)
            {
                (record, version) = (recent.ToStatus(), recent.Version);
            }

            if (recent.Written != version)
            {
                await keep(NameOf(tenant), record, cancellationToken);
                recent.Written = version;
            }
        }
        finally
        {
            recent.Writing.Release();
        }
    }

    private RecentRemovals RecentOf(Tenant tenant) => _removals.GetOrAdd(NameOf(tenant), _ => new RecentRemovals(tenant.Status?.RecentRemovals));

    private static ResourceName NameOf(Tenant tenant) => new(tenant.Metadata.NamespaceProperty, tenant.Metadata.Name);

    private static string Token(IReadOnlyCollection<PlannedChange> changes)
    {
        var removals = changes.Where(c => c.Removals > 0).ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{removals.Sum(c => c.Removals)}/{BodyJson.HashOf(string.Join('\n', removals.Select(c => $"{c.Action} {c.Type} {c.Id}").Order(StringComparer.Ordinal)))}");
    }
}
