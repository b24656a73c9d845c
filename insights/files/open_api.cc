#include "insights/files/open_api.h"

namespace portvakt::insights {
namespace {

constexpr std::string_view kText = R"json({
  "openapi": "3.1.0",
  "info": {
    "title": "Portvakt insights",
    "version": "1",
    "description": "What the screens of the reports show, as JSON: the same figures, the same periods, the same folding of small groups. Read only. Sign in as a person does (session cookie), or send an API key: Authorization: Bearer KEY, made by `portvakt insights user key NAME`."
  },
  "security": [{"session": []}, {"key": []}],
  "paths": {
    "/api/v1/sites": {"get": {"summary": "Sites that you may see", "responses": {"200": {"description": "Names", "content": {"application/json": {"schema": {"type": "object", "properties": {"sites": {"type": "array", "items": {"type": "string"}}}}}}}, "401": {"$ref": "#/components/responses/refused"}}}},
    "/api/v1/overview": {"get": {"summary": "Totals, time series and the tables that the cards show", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/from"}, {"$ref": "#/components/parameters/to"}, {"$ref": "#/components/parameters/compare"}, {"$ref": "#/components/parameters/compare_from"}, {"$ref": "#/components/parameters/compare_to"}, {"$ref": "#/components/parameters/f"}, {"$ref": "#/components/parameters/show"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/screen"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/table": {"get": {"summary": "One ranked table, up to 1000 rows", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/table"}, {"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/from"}, {"$ref": "#/components/parameters/to"}, {"$ref": "#/components/parameters/compare"}, {"$ref": "#/components/parameters/f"}, {"name": "contains", "in": "query", "schema": {"type": "string"}, "description": "Only rows whose name has this"}, {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/screen"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/consent": {"get": {"summary": "From banner to answer, by purpose, country, page, language, version", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/from"}, {"$ref": "#/components/parameters/to"}, {"$ref": "#/components/parameters/compare"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/screen"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/held": {"get": {"summary": "Vendors held back, third parties and cookies seen", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/from"}, {"$ref": "#/components/parameters/to"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/screen"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/goals": {"get": {"summary": "Goals and funnels", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/from"}, {"$ref": "#/components/parameters/to"}, {"$ref": "#/components/parameters/compare"}, {"$ref": "#/components/parameters/f"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/screen"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/bots": {"get": {"summary": "Declared bots, which are in none of the other figures", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/period"}, {"$ref": "#/components/parameters/from"}, {"$ref": "#/components/parameters/to"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/screen"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/realtime": {"get": {"summary": "The last 30 minutes", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"$ref": "#/components/responses/realtime"}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}},
    "/api/v1/realtime/stream": {"get": {"summary": "The same every five seconds, as server-sent events", "parameters": [{"$ref": "#/components/parameters/site"}, {"$ref": "#/components/parameters/lang"}], "responses": {"200": {"description": "Events whose data is the answer of /api/v1/realtime", "content": {"text/event-stream": {"schema": {"type": "string"}}}}, "401": {"$ref": "#/components/responses/refused"}, "404": {"$ref": "#/components/responses/unknown"}}}}
  },
  "components": {
    "securitySchemes": {
      "session": {"type": "apiKey", "in": "cookie", "name": "portvakt_insights"},
      "key": {"type": "http", "scheme": "bearer"}
    },
    "parameters": {
      "site": {"name": "site", "in": "query", "required": true, "schema": {"type": "string"}},
      "period": {"name": "period", "in": "query", "schema": {"enum": ["today", "yesterday", "7d", "30d", "90d", "12m", "month", "last-month"], "default": "30d"}},
      "from": {"name": "from", "in": "query", "schema": {"type": "string", "format": "date"}, "description": "With `to`: own dates in place of `period`"},
      "to": {"name": "to", "in": "query", "schema": {"type": "string", "format": "date"}},
      "compare": {"name": "compare", "in": "query", "schema": {"enum": ["none", "previous", "year", "custom"], "default": "previous"}},
      "compare_from": {"name": "compare_from", "in": "query", "schema": {"type": "string", "format": "date"}},
      "compare_to": {"name": "compare_to", "in": "query", "schema": {"type": "string", "format": "date"}},
      "f": {"name": "f", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}, "description": "Filters that must all be true: `page==/basket|/checkout`, `country!=NO`, `page=~lamp` (contains), `page=^/products` (begins)"},
      "show": {"name": "show", "in": "query", "schema": {"type": "string"}, "description": "Which tables, comma-separated: `entry,referrer`"},
      "table": {"name": "table", "in": "query", "required": true, "schema": {"enum": ["page", "section", "referrer", "channel", "source", "medium", "campaign", "country", "organisation", "browser", "browser-version", "system", "device", "entry", "exit", "screen", "outbound", "download", "form", "goal", "status", "not-found", "redirect", "bot", "bot-page"]}},
      "lang": {"name": "lang", "in": "query", "schema": {"enum": ["en", "nb", "nn", "sv", "da", "fi", "de"]}, "description": "Of titles and readings; the figures are the same"}
    },
    "responses": {
      "screen": {"description": "The screen's tables by their ids", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/screen"}}}},
      "realtime": {"description": "Three numbers and the tables", "content": {"application/json": {"schema": {"type": "object", "properties": {"site": {"type": "string"}, "visitors": {"type": "integer"}, "active": {"type": "integer"}, "views": {"type": "integer"}, "tables": {"$ref": "#/components/schemas/tables"}}}}}},
      "refused": {"description": "Nobody is signed in"},
      "unknown": {"description": "There is no such site, or it is not yours to see"}
    },
    "schemas": {
      "period": {"type": "object", "properties": {"from": {"type": "string", "format": "date"}, "to": {"type": "string", "format": "date"}}},
      "screen": {"type": "object", "properties": {"site": {"type": "string"}, "period": {"$ref": "#/components/schemas/period"}, "compared": {"oneOf": [{"$ref": "#/components/schemas/period"}, {"type": "null"}]}, "filters": {"type": "array", "items": {"type": "string"}}, "tables": {"$ref": "#/components/schemas/tables"}}},
      "tables": {"type": "object", "additionalProperties": {"type": "object", "properties": {"title": {"type": "string"}, "columns": {"type": "array", "items": {"type": "string"}}, "rows": {"type": "array", "items": {"type": "object", "description": "A member a column; null where a figure is withheld because it would be of too few visitors. A member KEY_text is how people read KEY.", "additionalProperties": {"type": ["string", "number", "null"]}}}}}}
    }
  }
}
)json";

}  // namespace

std::string_view open_api_text() {
  return kText;
}

}  // namespace portvakt::insights
