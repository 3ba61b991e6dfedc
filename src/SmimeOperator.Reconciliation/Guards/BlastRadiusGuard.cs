using System.Collections.Concurrent;
using System.Globalization;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Holds back mass deletion: more deletions and unassignments of one Tenant in a window than it allows are not made until a person
/// approves just this set. Counts live in memory for the length of the window.
/// </summary>
internal sealed class BlastRadiusGuard(TimeProvider time)
{
    private readonly ConcurrentDictionary<ResourceName, LinkedList<DateTimeOffset>> _removals = new();

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
            while (recent.First is { } oldest && oldest.Value <= now - window)
            {
                recent.RemoveFirst();
            }

            var token = Token(changes);
            if (recent.Count + wanted > allowed && approval != token)
            {
                throw VerdictException.Stalled(Reasons.GuardTripped,
                    $"{wanted} deletions or unassignments are due and {recent.Count} were made in the last {guard.Window}; the Tenant's guard allows {allowed}. " +
                    $"Nothing was deleted. To go ahead with just these, annotate this resource with {Annotations.ApproveDeletions}={token}");
            }

            for (var i = 0; i < wanted; i++)
            {
                recent.AddLast(now);
            }
        }
    }

    /// <summary>Takes back removals that were admitted and not made.</summary>
    public void GiveBack(Tenant tenant, int count)
    {
        var recent = RecentOf(tenant);
        lock (recent)
        {
            for (var i = 0; i < count && recent.Count > 0; i++)
            {
                recent.RemoveLast();
            }
        }
    }

    private LinkedList<DateTimeOffset> RecentOf(Tenant tenant) =>
        _removals.GetOrAdd(new ResourceName(tenant.Metadata.NamespaceProperty, tenant.Metadata.Name), _ => new LinkedList<DateTimeOffset>());

    private static string Token(IReadOnlyCollection<PlannedChange> changes)
    {
        var removals = changes.Where(c => c.Removals > 0).ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{removals.Sum(c => c.Removals)}/{BodyJson.HashOf(string.Join('\n', removals.Select(c => $"{c.Action} {c.Type} {c.Id}").Order(StringComparer.Ordinal)))}");
    }
}
