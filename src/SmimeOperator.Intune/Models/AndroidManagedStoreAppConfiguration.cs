using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions.Serialization;

namespace SmimeOperator.Intune.Models;

/// <summary>Settings of an app from managed Google Play (Graph androidManagedStoreAppConfiguration, beta).</summary>
public sealed class AndroidManagedStoreAppConfiguration : ManagedDeviceMobileAppConfiguration
{
    /// <summary>An empty policy of the right type.</summary>
    public AndroidManagedStoreAppConfiguration() => OdataType = "#microsoft.graph.androidManagedStoreAppConfiguration";

    /// <summary>The app, as app: and its package id.</summary>
    public string? PackageId { get; set; }

    /// <summary>The settings: base64 of a managed configuration in JSON.</summary>
    public string? PayloadJson { get; set; }

    /// <summary>default, androidWorkProfile or androidDeviceOwner.</summary>
    public string? ProfileApplicability { get; set; }

    /// <inheritdoc/>
    public override void Serialize(ISerializationWriter writer)
    {
        base.Serialize(writer);
        writer.WriteStringValue("packageId", PackageId);
        writer.WriteStringValue("payloadJson", PayloadJson);
        writer.WriteStringValue("profileApplicability", ProfileApplicability);
    }
}
