/* standard/odcs_2: tables, columns and rules of a data contract before 3.0 (Open Data
 * Contract Standard 2.2, bitol.io).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/odcs.h"

static const struct standard_field rule_custom_fields[] = {
    TEXT("property", "The name of the property."),
    ROW("value", MAP, "Its value."),
    END,
};
static const struct standard_shape rule_custom =
    OPEN_SHAPE("a property of a rule", rule_custom_fields);

static const struct standard_field rule_fields[] = {
    TEXT("code", "The code of the check."),
    NEEDED("templateName", "The check of the tool that the rule is."),
    TEXT("description", "What the rule is about, for people."),
    NEEDED("toolName", "The tool that runs it."),
    TEXT("toolRuleName", "The name of the rule in that tool."),
    TEXT("dimension", "Which side of quality it looks at."),
    TEXT("columns", "The columns that are checked."),
    TEXT("column", "The column that is checked, if it is one."),
    TEXT("type", "What kind of check it is."),
    TEXT("severity", "How bad a breach is."),
    TEXT("businessImpact", "What a breach means for the business."),
    TEXT("scheduleCronExpression", "When it is run, as a line of cron."),
    LIST_OF("customProperties", &rule_custom, "What the check needs besides."),
    END,
};
static const struct standard_shape rule = OPEN_SHAPE("a quality rule", rule_fields);

#define PRIMARY_TEXT "Does it belong to the primary key?"
static const struct standard_field column_fields[] = {
    NEEDED("column", "The name of the column."),
    TEXT("isPrimaryKey", PRIMARY_TEXT, .until = ODCS_2_2_2),
    FLAG("isPrimaryKey", PRIMARY_TEXT, .since = ODCS_2_2_2),
    WHOLE("primaryKeyPosition", "Its place in that key, from 1."),
    TEXT("businessName", "How the business calls it."),
    NEEDED("logicalType", "The kind of its values, whatever they are kept in."),
    NEEDED("physicalType", "Its type where it is kept: VARCHAR(36) ..."),
    TEXT("description", "What it is, for people."),
    FLAG("isNullable", "May rows be without a value?"),
    FLAG("isUnique", "Does no value occur twice?"),
    FLAG("partitionStatus", "Are the data divided by it?"),
    WHOLE("partitionKeyPosition", "Its place in what divides them, from 1."),
    FLAG("clusterStatus", "Are rows of one value kept together?"),
    WHOLE("clusterKeyPosition", "Its place in what keeps them together, from 1."),
    TEXT("classification", "How secret it is: public, restricted, 1 to 5 ..."),
    ODCS_DEFINITIONS_SINCE(0),
    TEXT("encryptedColumnName", "The column that holds it encrypted."),
    LIST_OF("transformSourceTables", &standard_a_text, "The tables it is made from."),
    TEXT("transformLogic", "The statement it is made by."),
    TEXT("transformDescription", "How it is made, in words."),
    LIST_OF("sampleValues", &standard_a_text, "Some values, as samples."),
    FLAG("criticalDataElementStatus", "Does much depend on it?"),
    ODCS_TAGS_SINCE(0),
    END,
};
static const struct standard_shape column = OPEN_SHAPE("a column", column_fields);

#define TABLE_TEXT "What the table holds."
static const struct standard_field dataset_fields[] = {
    NEEDED("table", "The name of the table."),
    TEXT("physicalName", "Its name where it is kept."),
    TEXT("priorTableName", "How it was called before."),
    LIST_OF("description", &standard_a_text, TABLE_TEXT, .until = ODCS_2_2_2),
    TEXT("description", TABLE_TEXT, .since = ODCS_2_2_2),
    ODCS_DEFINITIONS_SINCE(0),
    TEXT("dataGranularity", "What one row stands for."),
    LIST_OF("columns", &column, "Its columns."),
    LIST_OF("quality", &rule, "The rules that it must keep."),
    END,
};
const struct standard_shape standard_odcs_dataset =
    OPEN_SHAPE("a table of the dataset", dataset_fields);
