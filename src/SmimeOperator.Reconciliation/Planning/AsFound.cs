using Microsoft.Graph.Models;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// An object that is taken over as it is: its name and description stay its maker's, and only the mark is added. Where even that takes something
/// from people, nothing is: its id in the spec is what makes it ours.
/// </summary>
internal sealed record AsFound
{
    /// <summary>The object in the tenant; null until it is located.</summary>
    public TenantObject? Found { get; init; }

    /// <summary>Whether nothing but the mark differs, so that nothing else is sent.</summary>
    public bool OnlyMarks { get; init; }

    /// <summary>The body with the texts that were found.</summary>
    public Entity Keep(DesiredObject desired, Entity body)
    {
        switch (body)
        {
            case DeviceConfiguration profile:
                profile.DisplayName = Found?.DisplayName;
                profile.Description = TextOf(desired);
                break;
            case ManagedDeviceMobileAppConfiguration policy:
                policy.DisplayName = Found?.DisplayName;
                policy.Description = TextOf(desired);
                break;
        }

        return body;
    }

    /// <summary>A body that carries the mark and nothing else.</summary>
    public Entity MarkOf(DesiredObject desired) => desired.Shape.Collection == TenantCollection.AppConfigurations
        ? new ManagedDeviceMobileAppConfiguration { OdataType = TypeOf(desired), Description = TextOf(desired) }
        : new DeviceConfiguration { OdataType = TypeOf(desired), Description = TextOf(desired) };

    private string? TextOf(DesiredObject desired) =>
        desired.Shape.Disruptions.ContainsKey("description") ? Found?.MarkedText : desired.Mark.PutInto(Found?.MarkedText);

    private static string TypeOf(DesiredObject desired) => "#microsoft.graph." + desired.Shape.Type;
}
