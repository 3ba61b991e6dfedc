using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune.Models;

/// <summary>The native iOS mail profile with S/MIME (Graph iosEasEmailProfileConfiguration, beta).</summary>
public sealed class IosEasEmailProfile : DeviceConfiguration
{
    /// <summary>An empty profile of the right type.</summary>
    public IosEasEmailProfile() => OdataType = "#microsoft.graph.iosEasEmailProfileConfiguration";

    /// <summary>Texts, enum members and flags by their names in Graph; null is not sent.</summary>
    public required IReadOnlyDictionary<string, string?> Texts { get; init; }

    /// <summary>Switches by their names in Graph.</summary>
    public required IReadOnlyDictionary<string, bool> Switches { get; init; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        foreach (var (name, value) in Texts)
        {
            writer.WriteStringValue(name, value);
        }

        foreach (var (name, value) in Switches)
        {
            writer.WriteBoolValue(name, value);
        }
    }
}
