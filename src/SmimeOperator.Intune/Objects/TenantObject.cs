using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>The collections of policies, profiles and apps that are read whole and written object by object.</summary>
public enum TenantCollection
{
    /// <summary>deviceAppManagement/mobileApps.</summary>
    MobileApps,

    /// <summary>deviceAppManagement/mobileAppConfigurations.</summary>
    AppConfigurations,

    /// <summary>deviceManagement/deviceConfigurations.</summary>
    DeviceConfigurations,
}

/// <summary>An app, app configuration policy or device configuration as the tenant shows it. Immutable.</summary>
/// <param name="Collection">The collection it lives in.</param>
/// <param name="Id">Its id.</param>
/// <param name="Type">Its Graph type without namespace, such as iosMobileAppConfiguration.</param>
/// <param name="Properties">Every property as read, nothing dropped.</param>
/// <param name="Assignments">Who it is assigned to.</param>
public sealed record TenantObject(
    TenantCollection Collection, string Id, string Type, JsonElement Properties, IReadOnlyList<TenantAssignment> Assignments)
{
    /// <summary>Ids of the objects that it refers to, by the reference's name; null where it refers to nothing. Without a name whose reference is not known.</summary>
    public IReadOnlyDictionary<string, string?> References { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The name as people see it; not unique.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>The field that carries our mark: an app's notes, anything else's description.</summary>
    public string? MarkedText => Text(MarkerField);

    /// <summary>The name of the field that carries our mark.</summary>
    public string MarkerField => Collection == TenantCollection.MobileApps ? "notes" : "description";

    /// <summary>A text property, or null where it is absent, null or no text.</summary>
    public string? Text(string property) =>
        Properties.ValueKind == JsonValueKind.Object && Properties.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
