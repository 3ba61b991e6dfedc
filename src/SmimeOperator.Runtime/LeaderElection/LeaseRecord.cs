using System.Globalization;
using System.Text.Json;
using k8s.Models;

namespace SmimeOperator.Runtime.LeaderElection;

/// <summary>What a lease says, as far as the election needs it.</summary>
internal sealed record LeaseRecord(string Holder, int DurationSeconds, string? RenewTime, int Transitions, string? ResourceVersion)
{
    public static LeaseRecord Of(V1Lease lease) => new(
        lease.Spec?.HolderIdentity ?? "",
        lease.Spec?.LeaseDurationSeconds ?? 0,
        lease.Spec?.RenewTime?.ToString("O", CultureInfo.InvariantCulture),
        lease.Spec?.LeaseTransitions ?? 0,
        lease.Metadata.ResourceVersion);

    /// <summary>Whether both are the same sign of life; the version also changes when somebody labels the lease.</summary>
    public bool SameSign(LeaseRecord? other) => other is not null && this with { ResourceVersion = null } == other with { ResourceVersion = null };

    /// <summary>The spec as a patch or a new lease states it.</summary>
    public static void WriteSpec(Utf8JsonWriter writer, string holder, int durationSeconds, DateTimeOffset now, DateTimeOffset? acquired, int transitions)
    {
        writer.WriteStartObject("spec");
        writer.WriteString("holderIdentity", holder);
        writer.WriteNumber("leaseDurationSeconds", durationSeconds);
        writer.WriteString("renewTime", Micro(now));
        writer.WriteNumber("leaseTransitions", transitions);
        if (acquired is { } since)
        {
            writer.WriteString("acquireTime", Micro(since));
        }

        writer.WriteEndObject();
    }

    private static string Micro(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
