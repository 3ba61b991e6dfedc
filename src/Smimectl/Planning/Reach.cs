namespace Smimectl;

/// <summary>Users or devices that a change reaches.</summary>
/// <param name="All">All of them.</param>
/// <param name="Gains">Those who get something that they had not.</param>
/// <param name="Loses">Those from whom something is taken.</param>
internal sealed record Reached(Headcount All, Headcount Gains, Headcount Loses)
{
    public static Reached None { get; } = new(Headcount.None, Headcount.None, Headcount.None);
}

/// <summary>Whom a change reaches, or a whole plan.</summary>
internal sealed record Reach
{
    public required Reached Users { get; init; }

    public required Reached Devices { get; init; }

    /// <summary>Whether devices are all of the tenant, whose number nobody counted.</summary>
    public bool AllDevices { get; init; }

    /// <summary>Why a number is not known, or not as well as it could be.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    public bool IsNobody => Users.All.IsNone && Devices.All.IsNone && !AllDevices;
}
