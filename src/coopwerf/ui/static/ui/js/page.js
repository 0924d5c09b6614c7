// Small comforts. Every page works without them.
import {focusOnErrors} from "./focus.js";
import {offerCopying} from "./copy.js";
import {offerKeys} from "./keys.js";
import {submitOnChange} from "./filters.js";

focusOnErrors(document);
offerCopying(document);
submitOnChange(document);
offerKeys(document);
