using System.Xml.Linq;

namespace SmimeOperator.Testing.Graph;

/// <summary>
/// Types of the service that the schema beside this repository leaves out, from their public reference pages (intune-deviceconfig:
/// androidForWorkTrustedRootCertificate, macOSTrustedRootCertificate, windows81TrustedRootCertificate), and properties it has gained.
/// </summary>
public static class PlatformTypes
{
    private const string Declarations = """
        <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm">
          <EnumType Name="certificateDestinationStore">
            <Member Name="computerCertStoreRoot" Value="0" />
            <Member Name="computerCertStoreIntermediate" Value="1" />
            <Member Name="userCertStoreIntermediate" Value="2" />
          </EnumType>
          <EntityType Name="androidForWorkTrustedRootCertificate" BaseType="graph.deviceConfiguration">
            <Property Name="certFileName" Type="Edm.String" />
            <Property Name="trustedRootCertificate" Type="Edm.Binary" Nullable="false" />
          </EntityType>
          <EntityType Name="macOSTrustedRootCertificate" BaseType="graph.deviceConfiguration">
            <Property Name="certFileName" Type="Edm.String" />
            <Property Name="trustedRootCertificate" Type="Edm.Binary" Nullable="false" />
          </EntityType>
          <EntityType Name="windows81TrustedRootCertificate" BaseType="graph.deviceConfiguration">
            <Property Name="certFileName" Type="Edm.String" />
            <Property Name="destinationStore" Type="graph.certificateDestinationStore" Nullable="false" />
            <Property Name="trustedRootCertificate" Type="Edm.Binary" Nullable="false" />
          </EntityType>
        </Schema>
        """;

    /// <summary>Adds them to a schema.</summary>
    public static CsdlSchema AcceptPlatforms(this CsdlSchema schema) => schema.Accept(XElement.Parse(Declarations))
        .Accept("iosStoreAppAssignmentSettings", "preventManagedAppBackup", "Edm.Boolean")
        .Accept("iosVppAppAssignmentSettings", "preventManagedAppBackup", "Edm.Boolean")
        .Accept("iosVppAppAssignmentSettings", "preventAutoAppUpdate", "Edm.Boolean");
}
