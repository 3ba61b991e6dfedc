using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>Whether and how often the service is asked what has reached devices.</summary>
public sealed class DeliverySpec
{
    /// <summary>How often. Default 1h. Each time one request for ten objects is made; policies of a tenant with the same interval share requests.</summary>
    [DurationText, Length(32)]
    [CelRule("duration(self) >= duration('1m')", "interval must be at least 1m")]
    public string Interval { get; set; } = "1h";
}

/// <summary>What has reached devices, as the service last said it; it may lag behind by hours.</summary>
public sealed class DeliveryStatus
{
    /// <summary>The objects whose delivery the service counts: app policies and profiles.</summary>
    [MapList("role"), Items(512)]
    public List<ObjectDelivery>? Objects { get; set; }

    /// <summary>When the counts were last seen to change.</summary>
    public DateTime? ChangedAt { get; set; }

    /// <summary>Why the counts could not be read; what is shown is then what was read before.</summary>
    public string? Problem { get; set; }
}

/// <summary>Delivery of one object.</summary>
public sealed class ObjectDelivery
{
    /// <summary>What part the object plays for the policy, as in status.objects.</summary>
    [Mandatory]
    public string Role { get; set; } = "";

    /// <summary>Counted by device.</summary>
    public DeliveryCounts? Devices { get; set; }

    /// <summary>Counted by user.</summary>
    public DeliveryCounts? Users { get; set; }
}

/// <summary>Counts of one object's delivery; the service's own words.</summary>
public sealed record DeliveryCounts
{
    /// <summary>It is there.</summary>
    public int Success { get; set; }

    /// <summary>It is on its way.</summary>
    public int Pending { get; set; }

    /// <summary>It could not be applied.</summary>
    public int Failed { get; set; }

    /// <summary>An error came up.</summary>
    public int Error { get; set; }

    /// <summary>It contradicts another policy.</summary>
    public int Conflict { get; set; }
}
