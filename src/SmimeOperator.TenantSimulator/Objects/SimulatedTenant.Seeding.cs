using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Schema;
using SmimeOperator.TenantSimulator.Writes;

namespace SmimeOperator.TenantSimulator;

/// <content>Ways to fill a tenant.</content>
public sealed partial class SimulatedTenant
{
    private const string Outlook = "com.microsoft.Office.Outlook";

    /// <summary>Adds a user and gives back the object id.</summary>
    public string AddUser(
        string userPrincipalName,
        string? mail = null,
        string? displayName = null,
        string? id = null,
        IEnumerable<string>? proxyAddresses = null)
    {
        var address = mail ?? userPrincipalName;
        return Add("users", new JsonObject
        {
            ["id"] = id,
            ["userPrincipalName"] = userPrincipalName,
            ["displayName"] = displayName ?? userPrincipalName.Split('@')[0],
            ["mail"] = address,
            ["proxyAddresses"] = Texts(proxyAddresses ?? [$"SMTP:{address}"]),
            ["accountEnabled"] = true,
            ["userType"] = "Member",
        });
    }

    /// <summary>Adds a security group and gives back the object id. Names need not be unique.</summary>
    public string AddGroup(string displayName, string? id = null, IEnumerable<string>? members = null)
    {
        var group = Add("groups", new JsonObject
        {
            ["id"] = id,
            ["displayName"] = displayName,
            ["mailNickname"] = string.Concat(displayName.Where(char.IsAsciiLetterOrDigit)),
            ["mailEnabled"] = false,
            ["securityEnabled"] = true,
        });
        AddMembers(group, members ?? []);
        return group;
    }

    /// <summary>Adds a device of the directory and gives back the object id.</summary>
    public string AddDevice(string displayName, string? id = null) => Add("devices", new JsonObject
    {
        ["id"] = id,
        ["displayName"] = displayName,
        ["accountEnabled"] = true,
        ["operatingSystem"] = "iOS",
    });

    /// <summary>Makes users, devices and groups members of a group: by object id, users also by principal name. Who is in it already stays once.</summary>
    /// <exception cref="ArgumentException">There is no such group, or no such member.</exception>
    public void AddMembers(string group, IEnumerable<string> members) =>
        ChangeMembers(group, members, (there, id) => there.Contains(id, StringComparer.OrdinalIgnoreCase) ? there : there.Add(id));

    /// <summary>Object ids of a group's direct members.</summary>
    public IReadOnlyList<string> Members(string group)
    {
        lock (_store.Gate)
        {
            return _store["groups"].Find(group)?.Members ?? throw new ArgumentException($"There is no group '{group}'.", nameof(group));
        }
    }

    /// <summary>Takes somebody out of a group.</summary>
    /// <exception cref="ArgumentException">There is no such group, or no such member.</exception>
    public void RemoveMember(string group, string member) => ChangeMembers(group, [member], (there, id) => there.Remove(id, StringComparer.OrdinalIgnoreCase));

    /// <summary>Adds an assignment filter and gives back its id.</summary>
    public string AddFilter(
        string displayName, string rule = "(device.deviceOwnership -eq \"Corporate\")", string? id = null, string platform = "iOS") =>
        Add("assignmentFilters", new JsonObject
        {
            ["id"] = id,
            ["displayName"] = displayName,
            ["platform"] = platform,
            ["rule"] = rule,
        });

    /// <summary>Adds a certificate connector to both collections that show one, and gives back the id of its ndesConnector.</summary>
    public string AddConnector(
        string machineName, string version = "6.2406.0.1001", string state = "active", DateTimeOffset? lastConnection = null)
    {
        var seen = ValueReader.Format(lastConnection ?? _store.Now);
        Add("certificateConnectorDetails", new JsonObject
        {
            ["connectorName"] = machineName,
            ["machineName"] = machineName,
            ["enrollmentDateTime"] = seen,
            ["lastCheckinDateTime"] = seen,
            ["connectorVersion"] = version,
        });
        return Add("ndesConnectors", new JsonObject
        {
            ["displayName"] = machineName,
            ["machineName"] = machineName,
            ["state"] = state,
            ["enrolledDateTime"] = seen,
            ["lastConnectionDateTime"] = seen,
            ["connectorVersion"] = version,
        });
    }

    /// <summary>Adds an app from the App Store and gives back its id.</summary>
    public string AddStoreApp(string displayName = "Microsoft Outlook", string bundleId = Outlook, string? id = null) =>
        Add("mobileApps", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.iosStoreApp",
            ["id"] = id,
            ["displayName"] = displayName,
            ["publisher"] = "Microsoft Corporation",
            ["bundleId"] = bundleId,
            ["appStoreUrl"] = "https://apps.apple.com/us/app/microsoft-outlook/id951937596",
            ["publishingState"] = "published",
            ["applicableDeviceType"] = new JsonObject { ["iPad"] = true, ["iPhoneAndIPod"] = true },
            ["minimumSupportedOperatingSystem"] = new JsonObject { ["v15_0"] = true },
        });

    /// <summary>Adds an app from a volume-purchase token and gives back its id.</summary>
    public string AddVppApp(string displayName = "Microsoft Outlook", string bundleId = Outlook, string? id = null) =>
        Add("mobileApps", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.iosVppApp",
            ["id"] = id,
            ["displayName"] = displayName,
            ["publisher"] = "Microsoft Corporation",
            ["bundleId"] = bundleId,
            ["publishingState"] = "published",
            ["totalLicenseCount"] = 100,
            ["licensingType"] = new JsonObject
            {
                ["supportDeviceLicensing"] = true,
                ["supportsDeviceLicensing"] = true,
                ["supportsUserLicensing"] = true,
                ["supportUserLicensing"] = true,
            },
        });

    /// <summary>Adds an app that was approved in managed Google Play and gives back its id.</summary>
    public string AddAndroidApp(string displayName = "Microsoft Outlook", string packageId = "com.microsoft.office.outlook", string? id = null) =>
        Add("mobileApps", new JsonObject
        {
            ["@odata.type"] = "#microsoft.graph.androidManagedStoreApp",
            ["id"] = id,
            ["displayName"] = displayName,
            ["publisher"] = "Microsoft Corporation",
            ["packageId"] = packageId,
            ["appIdentifier"] = $"app:{packageId}",
            ["publishingState"] = "published",
        });

    /// <summary>
    /// Adds any object: properties as Graph shows them, read-only ones and <c>assignments</c> included. An imported certificate without an
    /// id gets the one that the service would make.
    /// </summary>
    /// <returns>The object's id.</returns>
    /// <exception cref="ArgumentException">The type or a property does not exist, or has the wrong type.</exception>
    public string Add(string collection, JsonObject properties)
    {
        var kind = KindOf(collection);
        var type = properties["@odata.type"] is { } name ? GraphSchema.Current.Find((string)name!) : kind.Type;
        if (type is null || type.IsAbstract || !type.Is(kind.Type))
        {
            throw new ArgumentException($"'{properties["@odata.type"]}' is no type for {collection}.", nameof(properties));
        }

        lock (_store.Gate)
        {
            var id = (string?)properties["id"] ?? NewId(kind, properties);
            var pfx = kind.Name == "userPfxCertificates" ? ReadPfx(properties) : null;
            var values = Check(type, properties);
            if (pfx is not null)
            {
                values["encryptedPfxBlob"] = "AA==";
                values["encryptedPfxPassword"] = "";
            }

            var assignments = properties["assignments"] is JsonArray array ? ReadAssignments(kind, id, array) : [];
            _store.Add(kind, type, id, values, o => o with { Pfx = pfx, VisibleFrom = default, Assignments = assignments });
            return id;
        }
    }

    /// <summary>Every tenant has an organization, whose id is the tenant's.</summary>
    internal void EnsureOrganization()
    {
        if (Count("organization") == 0)
        {
            Add("organization", new JsonObject
            {
                ["id"] = TenantId,
                ["displayName"] = "Contoso",
                ["verifiedDomains"] = new JsonArray(new JsonObject
                {
                    ["name"] = "contoso.com",
                    ["type"] = "Managed",
                    ["isDefault"] = true,
                    ["isInitial"] = true,
                    ["capabilities"] = "Email",
                }),
            });
        }
    }

    private void ChangeMembers(string group, IEnumerable<string> members, Func<ImmutableList<string>, string, ImmutableList<string>> change)
    {
        lock (_store.Gate)
        {
            var item = _store["groups"].Find(group) ?? throw new ArgumentException($"There is no group '{group}'.", nameof(group));
            var ids = members.Select(m => GroupMembers.FindMember(_store, m)?.Item.Id ?? throw new ArgumentException($"Nobody and nothing is called '{m}'.", nameof(members)));
            var changed = ids.Aggregate(item.Members, change);
            if (!ReferenceEquals(changed, item.Members))
            {
                _store.Replace(CollectionKind.Find("groups")!, item with { Members = changed }, isChange: false);
            }
        }
    }

    private string NewId(CollectionKind kind, JsonObject properties)
    {
        var upn = (string?)properties["userPrincipalName"];
        if (kind.Name != "userPfxCertificates" || upn is null)
        {
            return _store.NewGuid().ToString();
        }

        var user = _store["users"].Candidates("userPrincipalName", [upn])!.FirstOrDefault()
            ?? throw new ArgumentException($"Nobody is called '{upn}'.", nameof(properties));
        return $"{user.Id.Replace("-", "", StringComparison.Ordinal)}-{properties["thumbprint"]}";
    }

    private StoredPfx ReadPfx(JsonObject properties) => _store.MakePfx(
        Convert.FromBase64String((string?)properties["encryptedPfxBlob"] ?? ""),
        Convert.FromBase64String((string?)properties["encryptedPfxPassword"] ?? ""),
        (string?)properties["paddingScheme"] ?? "none");

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];
}
