using System.Collections.Concurrent;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// Looks seldom at what has reached devices. All policies of a tenant with the same interval look at the same moments, so that their reads share
/// batches; a restart waits for the next moment where status shows counts already.
/// </summary>
internal sealed class DeliveryWatch(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);

    /// <summary>How long until the policy's next look; null where it wants none.</summary>
    public TimeSpan? Remaining(string owner) =>
        _due.TryGetValue(owner, out var due) ? TimeSpan.FromTicks(Math.Max((due - time.GetUtcNow()).Ticks, TimeSpan.TicksPerSecond)) : null;

    /// <summary>Forgets a policy.</summary>
    public void Forget(string owner) => _due.TryRemove(owner, out _);

    /// <summary>What status should say: the same object as before where nothing changed its meaning.</summary>
    /// <param name="owner">The policy.</param>
    /// <param name="spec">What it asks for; null for nothing.</param>
    /// <param name="known">What status says.</param>
    /// <param name="objects">What the policy owns.</param>
    /// <param name="session">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait for the service.</param>
    public async Task<DeliveryStatus?> LookAsync(
        string owner, DeliverySpec? spec, DeliveryStatus? known, IEnumerable<OwnedObject> objects, TenantSession session, CancellationToken cancellationToken)
    {
        if (spec is null)
        {
            Forget(owner);
            return null;
        }

        var now = time.GetUtcNow();
        var next = NextMoment(now, GoDuration.Parse(spec.Interval), session.Resource?.Spec.TenantId ?? "");
        var isDue = _due.TryGetValue(owner, out var due) ? due <= now : known is null;

        // A shorter interval in the spec counts at once.
        _due[owner] = isDue || due == default || next < due ? next : due;
        return isDue ? await ReadAsync(known, [.. objects.Where(IsCounted).OrderBy(o => o.Role, StringComparer.Ordinal)], session.Connection, now, cancellationToken) : known;
    }

    // Multiples of the interval, put off by something that differs from tenant to tenant.
    private static DateTimeOffset NextMoment(DateTimeOffset now, TimeSpan interval, string tenantId)
    {
        var phase = Convert.ToInt64(BodyJson.HashOf(tenantId)[..8], 16) % interval.Ticks;
        return new DateTimeOffset((((now.UtcTicks - phase) / interval.Ticks) + 1) * interval.Ticks + phase, TimeSpan.Zero);
    }

    private static bool IsCounted(OwnedObject owned) => ObjectShapes.Of(owned.Kind) is { Collection: not TenantCollection.MobileApps };

    private static async Task<DeliveryStatus?> ReadAsync(
        DeliveryStatus? known, IReadOnlyList<OwnedObject> objects, IIntuneTenant tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<ObjectDelivery> counted;
        try
        {
            var found = await tenant.FindDeliveryAsync([.. objects.Select(o => (ObjectShapes.Of(o.Kind)!.Collection, o.Id))], cancellationToken);
            counted =
            [
                .. objects.Where(o => found.ContainsKey(o.Id)).Select(o => new ObjectDelivery
                {
                    Role = o.Role,
                    Devices = Counts(found[o.Id].Devices),
                    Users = Counts(found[o.Id].Users),
                }),
            ];
        }
        catch (TenantException fault)
        {
            // The policy is no less ready for it; what passes by itself is not worth a word.
            return fault.IsTransient ? known : new DeliveryStatus { Objects = known?.Objects, ChangedAt = known?.ChangedAt, Problem = fault.Message };
        }

        var isSame = known is not null && Meaning(known.Objects).SequenceEqual(Meaning(counted));
        return isSame && known!.Problem is null
            ? known
            : new DeliveryStatus { Objects = counted.Count == 0 ? null : counted, ChangedAt = isSame ? known!.ChangedAt : Seconds(now) };
    }

    private static IEnumerable<(string, DeliveryCounts?, DeliveryCounts?)> Meaning(IEnumerable<ObjectDelivery>? objects) =>
        (objects ?? []).Select(o => (o.Role, o.Devices, o.Users));

    private static DeliveryCounts? Counts(DeliveryNumbers? numbers) => numbers is null
        ? null
        : new DeliveryCounts
        {
            Success = numbers.Success, Pending = numbers.Pending, Failed = numbers.Failed, Error = numbers.Error, Conflict = numbers.Conflict,
        };

    private static DateTime Seconds(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
